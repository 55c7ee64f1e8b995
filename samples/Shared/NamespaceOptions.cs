using System.CommandLine;

namespace NsGen.Samples;

/// <summary>The eight options that name namespaces, the same in unshare(1) and nsenter(1), each with a file or without.</summary>
internal sealed class NamespaceOptions
{
    private readonly (Namespaces Kind, Option<string?> Option)[] _options;

    /// <param name="describe">What the help says of a kind, by its name in plain words.</param>
    public NamespaceOptions(Func<string, string> describe) => _options =
    [
        (Namespaces.Mount, Make.OptionalValue("--mount, -m", "file", describe("mount"))),
        (Namespaces.Uts, Make.OptionalValue("--uts, -u", "file", describe("UTS (host name)"))),
        (Namespaces.Ipc, Make.OptionalValue("--ipc, -i", "file", describe("IPC"))),
        (Namespaces.Net, Make.OptionalValue("--net, -n", "file", describe("network"))),
        (Namespaces.Pid, Make.OptionalValue("--pid, -p", "file", describe("PID"))),
        (Namespaces.User, Make.OptionalValue("--user, -U", "file", describe("user"))),
        (Namespaces.Cgroup, Make.OptionalValue("--cgroup, -C", "file", describe("cgroup"))),
        (Namespaces.Time, Make.OptionalValue("--time, -T", "file", describe("time"))),
    ];

    /// <summary>For the command.</summary>
    public IEnumerable<Option> All => _options.Select(static entry => entry.Option);

    /// <summary>The kinds that are given, with a file or without.</summary>
    public Namespaces Given(ParseResult result)
        => _options.Where(entry => result.GetResult(entry.Option) is not null).Aggregate(Namespaces.None, static (sum, entry) => sum | entry.Kind);

    /// <summary>The files that are given.</summary>
    public IReadOnlyList<(Namespaces Kind, string File)> Files(ParseResult result)
        => [.. from entry in _options let file = result.GetValue(entry.Option) where file is not null select (entry.Kind, file)];
}
