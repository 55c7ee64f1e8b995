using System.Runtime.InteropServices;
using NsGen;
using Tmds.Linux;
using static NsGen.Namespaces;
using static Tmds.Linux.LibC;

namespace RawInterop;

/// <summary>setns(2) on a pidfd: entering the namespaces of a process.</summary>
internal static partial class JoinAProcess
{
    // Tmds.LibC has no pidfd_open.
    [DllImport("libc", SetLastError = true)]
    private static extern int pidfd_open(int pid, uint flags);

    public static string? ReadHostNameRaw(int processId)
    {
        int process = pidfd_open(processId, 0);

        // NSG202: EINVAL, always, and the host name is not entered either: one call takes all or nothing.
        if (setns(process, CLONE_NEWUSER | CLONE_NEWUTS) != 0)
        {
            return null;
        }

        return Environment.MachineName;
    }

    /// <summary>The child joins; the caller stays where it is.</summary>
    public static string ReadHostNameOfAnother()
    {
        using IsolatedProcess other = IsolatedProcess.Start(
            "/bin/cat", [], new IsolationOptions { Namespaces = Uts | User, HostName = "other", StandardInput = Redirection.Pipe });
        using var target = NamespaceTarget.FromProcess(other);
        string name = ReadHostName(target);
        other.Kill();
        other.WaitForExit();
        return name;
    }

    [Isolated(Join = Uts | User)]
    private static partial string ReadHostName(NamespaceTarget target);

    private static string ReadHostNameCore() => Environment.MachineName;
}
