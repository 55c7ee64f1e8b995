using System.Diagnostics;
using NsGen.Native;

namespace NsGen.Tests;

/// <summary>What a test needs of the machine; where it is missing the test is skipped, and says why.</summary>
[Flags]
public enum Requires
{
    /// <summary>Nothing but Linux.</summary>
    Nothing = 0,

    /// <summary>User id 0 with CAP_SYS_ADMIN.</summary>
    Root = 1,

    /// <summary>Anybody but root: what is tested is the lack of privilege.</summary>
    Unprivileged = 2,

    /// <summary>The caller may create user namespaces.</summary>
    UserNamespaces = 4,

    /// <summary>Namespaces at all: root's, or those inside a user namespace.</summary>
    Isolation = 8,

    /// <summary>Time namespaces, entered at execve(2).</summary>
    TimeNamespaces = 16,

    /// <summary>The kernel tells the exit status of a child that somebody else has reaped: Linux 6.15.</summary>
    PidFdExitInfo = 32,

    /// <summary>ptrace(2) of one's own children.</summary>
    Ptrace = 64,

    /// <summary>newuidmap, newgidmap and a range of ids for the caller.</summary>
    SubordinateIds = 128,
}

internal static class Requirements
{
    public static bool IsRoot { get; } = LibC.GetEffectiveUserId() == 0 && Capabilities.Has(Capability.SysAdmin);

    private static readonly Lazy<string?> s_userNamespaces = new(MissingUserNamespaces);
    private static readonly Lazy<string?> s_ptrace = new(MissingPtrace);

    /// <summary>The first that is missing, as a reason to skip; null where all is there.</summary>
    public static string? Missing(Requires requires, string? tools)
    {
        if (requires.HasFlag(Requires.Root) && !IsRoot)
        {
            return "needs root with CAP_SYS_ADMIN";
        }

        if (requires.HasFlag(Requires.Unprivileged) && IsRoot)
        {
            return "needs a caller without privilege";
        }

        if ((requires.HasFlag(Requires.UserNamespaces) || (requires.HasFlag(Requires.Isolation) && !IsRoot)) && s_userNamespaces.Value is { } user)
        {
            return user;
        }

        if (requires.HasFlag(Requires.TimeNamespaces) && !(File.Exists("/proc/self/ns/time") && KernelIsAtLeast(6, 3)))
        {
            return "needs time namespaces entered at execve(2), Linux 6.3";
        }

        if (requires.HasFlag(Requires.PidFdExitInfo) && !KernelIsAtLeast(6, 15))
        {
            return "needs PIDFD_INFO_EXIT, Linux 6.15";
        }

        foreach (string tool in (tools ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (FindTool(tool) is null)
            {
                return $"needs {tool} in PATH";
            }
        }

        if (requires.HasFlag(Requires.Ptrace) && s_ptrace.Value is { } ptrace)
        {
            return ptrace;
        }

        return requires.HasFlag(Requires.SubordinateIds) ? SubordinateIds.Missing : null;
    }

    /// <summary>The tool's full path, looked for as a shell does and where administrators' tools are.</summary>
    public static string? FindTool(string tool)
        => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, tool))
            .FirstOrDefault(File.Exists);

    private static bool KernelIsAtLeast(int major, int minor) => Environment.OSVersion.Version >= new Version(major, minor);

    private static string? MissingUserNamespaces()
    {
        try
        {
            using var child = IsolatedProcess.Start("/bin/true", [], new IsolationOptions { Namespaces = User });
            return child.WaitForExit().IsSuccess ? null : "a program in a user namespace does not run here";
        }
        catch (LaunchException e)
        {
            return $"user namespaces are not to be had here: {e.Message}";
        }
    }

    private static string? MissingPtrace()
    {
        if (FindTool("strace") is not { } strace)
        {
            return "needs strace in PATH";
        }

        using var trial = Process.Start(new ProcessStartInfo(strace, ["-o", "/dev/null", "/bin/true"]) { RedirectStandardError = true })!;
        string error = trial.StandardError.ReadToEnd();
        trial.WaitForExit();
        return trial.ExitCode == 0 ? null : $"ptrace(2) is forbidden here: {error.Trim()}";
    }
}
