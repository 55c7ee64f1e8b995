using System.Globalization;

namespace NsGen.Tests;

/// <summary>What /proc says about processes.</summary>
internal static class Proc
{
    /// <summary>Link in /proc/PID/ns of each kind of namespace.</summary>
    public static readonly IReadOnlyDictionary<Namespaces, string> Links = new Dictionary<Namespaces, string>
    {
        [Cgroup] = "cgroup",
        [Ipc] = "ipc",
        [Mount] = "mnt",
        [Net] = "net",
        [Pid] = "pid",
        [Time] = "time",
        [User] = "user",
        [Uts] = "uts",
    };

    /// <summary>The target of a link, such as <c>uts:[4026531838]</c>.</summary>
    public static string Link(int processId, Namespaces kind)
        => Target(FormattableString.Invariant($"/proc/{processId}/ns/{Links[kind]}"));

    public static string Target(string link) => new FileInfo(link).LinkTarget ?? throw new FileNotFoundException($"{link} is not a link");

    /// <summary>The kinds in which two processes differ.</summary>
    public static Namespaces Difference(int one, int other)
        => Links.Keys.Where(kind => Link(one, kind) != Link(other, kind)).Aggregate(None, static (sum, kind) => sum | kind);

    /// <summary>A field of /proc/PID/status.</summary>
    public static string Status(string processId, string field)
        => File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal))[(field.Length + 1)..].Trim();

    /// <summary>The state letter of a process: R, S, Z …; null where there is no such process.</summary>
    public static char? State(int processId)
    {
        try
        {
            return Status(processId.ToString(CultureInfo.InvariantCulture), "State")[0];
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Waits for something that the kernel does in its own time.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        for (int i = 0; i < 1000; i++)
        {
            if (condition())
            {
                return;
            }

            await Task.Delay(10);
        }

        Assert.Fail($"not within ten seconds: {what}");
    }
}
