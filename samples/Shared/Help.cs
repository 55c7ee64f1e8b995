using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace NsGen.Samples;

/// <summary>
/// Prints a command's options as the tools of util-linux do. The help of System.CommandLine cannot show that a value may be left out and has to be
/// in the same word (--uts[=&lt;file&gt;]), and puts the program before the options.
/// </summary>
/// <param name="name">The tool's name.</param>
internal sealed class Help(string name) : SynchronousCommandLineAction
{
    private const int Column = 28;
    private const int Width = 80;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        Command command = parseResult.RootCommandResult.Command;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine($"Usage:\n {name} [options] [<program> [<argument>...]]\n");
        foreach (string line in Wrap(command.Description!, Width))
        {
            output.WriteLine(line);
        }

        output.WriteLine("\nOptions:");
        foreach (Option option in command.Options.OrderBy(static option => option is HelpOption or VersionOption))
        {
            string label = Label(option);
            if (label.Length > Column - 2)
            {
                output.WriteLine(label);
                label = "";
            }

            foreach (string line in Wrap(option.Description!, Width - Column))
            {
                output.WriteLine($"{label.PadRight(Column)}{line}");
                label = "";
            }
        }

        return 0;
    }

    private static string Label(Option option)
    {
        string letter = option.Aliases.FirstOrDefault(static alias => alias.Length == 2) is { } alias ? $"{alias}," : "   ";
        string value = option.Arity switch
        {
            { MaximumNumberOfValues: 0 } => "",
            { MinimumNumberOfValues: 0 } => $"[=<{option.HelpName}>]",
            _ => $" <{option.HelpName}>",
        };
        return $" {letter} {option.Name}{value}";
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
