using System.Globalization;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using NsGen;
using static NsGen.Namespaces;

[assembly: SupportedOSPlatform("linux")]

/// <summary>Runs programs that turn an input into an output and are not trusted, nor is their input.</summary>
internal static class Converter
{
    private const long MegaByte = 1 << 20;
    private const uint Nobody = 65534;

    /// <summary>Runs one over a file.</summary>
    /// <param name="input">What it reads on standard input.</param>
    /// <param name="output">Where its standard output goes.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="program">The program; without a slash it is looked up in /usr/bin and /bin.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="ConversionException">It failed, or was stopped. What is in the output is not to be used.</exception>
    public static void Run(string input, string output, TimeSpan timeout, string program, params string[] arguments)
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("sandbox-");
        try
        {
            using SafeFileHandle source = File.OpenHandle(input);
            using SafeFileHandle target = File.OpenHandle(output, FileMode.Create, FileAccess.Write);
            IsolationOptions options = Confine(root);
            options.Timeout = timeout;
            options.StandardInput = Redirection.FromHandle(source);
            options.StandardOutput = Redirection.FromHandle(target);
            options.StandardError = Redirection.Pipe;
            using IsolatedProcess process = IsolatedProcess.Start(program, arguments, options);

            // Not more than this, whatever it says: the rest would be kept in this process's memory.
            var said = new char[1000];
            int length = process.StandardError.ReadBlock(said);
            ExitStatus status = process.WaitForExit();
            if (process.TimedOut || !status.IsSuccess)
            {
                string how = process.TimedOut ? $"stopped after {timeout.TotalSeconds} s" : Describe(status);
                throw new ConversionException(how, FirstLine(new string(said, 0, length)));
            }
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    /// <summary>Everything that a converter does not need is taken from it.</summary>
    /// <param name="root">An empty directory, to become its root.</param>
    private static IsolationOptions Confine(DirectoryInfo root)
    {
        var options = new IsolationOptions
        {
            Namespaces = User | Mount | Pid | Net | Ipc | Uts | Cgroup,
            Init = true, // PID 1 is not killed by most signals, the converter is
            HostName = "sandbox",
            RootDirectory = root.FullName,
            ReadOnlyRoot = true,
            Mounts = [.. Programs(root), MountEntry.Tmpfs("/tmp", 16 * MegaByte), MountEntry.Proc(), MountEntry.Dev()],
            WorkingDirectory = "/tmp",
            Capabilities = [],
            NoNewPrivileges = true,
            NewSession = true, // a terminal's foreground programs could be typed into (TIOCSTI)
            ResourceLimits = new Dictionary<ResourceLimit, ResourceLimitValue>
            {
                [ResourceLimit.AddressSpace] = (ulong)(256 * MegaByte),
                [ResourceLimit.FileSize] = (ulong)(16 * MegaByte),
                [ResourceLimit.Cpu] = 1,
                [ResourceLimit.OpenFiles] = 64,
                [ResourceLimit.Processes] = 16,
                [ResourceLimit.Core] = 0,
            },
        };

        // Keys and tokens are often there.
        options.Environment.Clear();
        options.Environment["PATH"] = "/usr/bin:/bin";
        options.Environment["LC_ALL"] = "C";
        if (Environment.IsPrivilegedProcess && IsMapped("uid_map", Nobody) && IsMapped("gid_map", Nobody))
        {
            // Root in there would be root's user outside as well: whatever it came to reach, it would own. It becomes nobody, without root's groups.
            options.UidMap = [new(Inside: 0, Nobody)];
            options.GidMap = [new(Inside: 0, Nobody)];
            options.SetGroups = true;
        }

        return options;
    }

    /// <summary>Whether an id exists here; in a rootless container few others than root's do (user_namespaces(7)).</summary>
    private static bool IsMapped(string map, uint id)
        => File.ReadLines($"/proc/self/{map}")
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static number => uint.Parse(number, CultureInfo.InvariantCulture)).ToArray())
            .Any(range => range[0] <= id && id - range[0] < range[2]);

    /// <summary>The machine's programs and libraries, and nothing else of its files.</summary>
    private static IEnumerable<MountEntry> Programs(DirectoryInfo root)
    {
        // It has to be entered by whoever the converter becomes.
        File.SetUnixFileMode(root.FullName, (UnixFileMode)0b111_101_101);
        foreach (DirectoryInfo directory in new DirectoryInfo("/").EnumerateDirectories())
        {
            if (directory.Name is not "usr" && !directory.Name.StartsWith("lib", StringComparison.Ordinal) && directory.Name is not ("bin" or "sbin"))
            {
                continue;
            }

            // Most distributions have /bin -> usr/bin.
            if (directory.LinkTarget is { } target)
            {
                File.CreateSymbolicLink(Path.Combine(root.FullName, directory.Name), target);
            }
            else
            {
                yield return MountEntry.BindReadOnly(directory.FullName);
            }
        }
    }

    /// <summary>Init passes the converter's end on as a shell does.</summary>
    private static string Describe(ExitStatus status) => status.ExitCode > 128 ? $"{status} (signal {status.ExitCode - 128})" : status.ToString();

    /// <summary>Of an untrusted program: one line, and no control characters for somebody's terminal.</summary>
    private static string FirstLine(string said) => new([.. said.Split('\n')[0].Where(static character => !char.IsControl(character))]);
}

/// <summary>An untrusted program did not convert.</summary>
/// <param name="how">How it ended.</param>
/// <param name="said">What it said to that; not to be believed.</param>
internal sealed class ConversionException(string how, string said) : Exception(said.Length == 0 ? how : $"{how}: {said}");
