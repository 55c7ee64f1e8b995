using System.CommandLine;

namespace NsGen.Samples;

/// <summary>
/// Reads a command line as getopt_long(3) does for the tools of util-linux, where System.CommandLine has other habits: options end where the
/// program's name begins, whose own options are then left alone; the value of an option that may do without one comes in the same word (--uts=file).
/// </summary>
internal static class GetOpt
{
    /// <summary>The same command line with every option in a word of its own and "--" before the program, for System.CommandLine to parse.</summary>
    /// <param name="words">The command line.</param>
    /// <param name="options">The options there are.</param>
    /// <param name="lettersTakeValues">
    /// Whether a letter may have a value that it may do without: -ufile, as in nsenter(1). In unshare(1), -uf is -u -f.
    /// </param>
    /// <exception cref="UsageException">An option does not exist, or has no value or one too many.</exception>
    public static IReadOnlyList<string> Normalize(IReadOnlyList<string> words, IEnumerable<Option> options, bool lettersTakeValues)
    {
        Dictionary<string, Option> byName = options
            .SelectMany(static option => option.Aliases.Append(option.Name).Select(name => (name, option)))
            .ToDictionary(static pair => pair.name, static pair => pair.option, StringComparer.Ordinal);
        var normal = new List<string>();
        int next = 0;
        while (next < words.Count && words[next].Length > 1 && words[next][0] == '-')
        {
            string word = words[next++];
            if (word == "--")
            {
                break;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                string[] parts = word.Split('=', 2);
                Add(Find(parts[0]), parts[0], parts.Length == 2 ? parts[1] : null);
                continue;
            }

            // Several letters may share a word; what follows one that takes a value is the value.
            for (int i = 1; i < word.Length; i++)
            {
                Option option = Find($"-{word[i]}");
                bool takesRest = i + 1 < word.Length
                    && (option.Arity.MinimumNumberOfValues > 0 || (lettersTakeValues && option.Arity.MaximumNumberOfValues > 0));
                Add(option, $"-{word[i]}", takesRest ? word[(i + 1)..] : null);
                if (takesRest)
                {
                    break;
                }
            }
        }

        return [.. normal, "--", .. words.Skip(next)];

        Option Find(string name) => byName.GetValueOrDefault(name) ?? throw new UsageException($"unrecognized option '{name}'");

        void Add(Option option, string name, string? value)
        {
            if (value is null && option.Arity.MinimumNumberOfValues > 0)
            {
                value = next < words.Count ? words[next++] : throw new UsageException($"option '{name}' requires an argument");
            }

            if (value is not null && option.Arity.MaximumNumberOfValues == 0)
            {
                throw new UsageException($"option '{name}' doesn't allow an argument");
            }

            if (option.Arity.MaximumNumberOfValues <= 1)
            {
                normal.RemoveAll(earlier => earlier.Split('=', 2)[0] == option.Name); // the last one counts
            }

            normal.Add(value is null ? option.Name : $"{option.Name}={value}");
        }
    }
}

/// <summary>The command line asks for something that does not exist or cannot be.</summary>
internal sealed class UsageException(string message) : Exception(message);
