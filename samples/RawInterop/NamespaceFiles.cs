using Microsoft.Win32.SafeHandles;
using NsGen;
using Tmds.Linux;
using static NsGen.Namespaces;
using static Tmds.Linux.LibC;

namespace RawInterop;

/// <summary>The files in /proc/PID/ns: which namespace a process is in, and the way into it.</summary>
internal static partial class NamespaceFiles
{
    public static bool EnterRaw(int processId)
    {
        using SafeFileHandle network = File.OpenHandle($"/proc/{processId}/ns/net");
        using SafeFileHandle mounts = File.OpenHandle($"/proc/{processId}/ns/mnt");
        using SafeFileHandle any = File.OpenHandle(Path.GetTempPath() + processId);

        // NSG205: EINVAL. The name says net, the type says uts.
        return setns((int)network.DangerousGetHandle(), CLONE_NEWUTS) == 0

            // NSG203: EINVAL. The threads share the root directory that this changes; unshare(CLONE_FS) has to come first.
            && setns((int)mounts.DangerousGetHandle(), CLONE_NEWNS) == 0

            // NSG206: whatever namespace somebody has bound there.
            && setns((int)any.DangerousGetHandle(), 0) == 0;
    }

    /// <summary>A handle knows its type, and compares by what it stands for, not by path.</summary>
    public static bool SharesNetworkWithAnother()
    {
        using IsolatedProcess other = IsolatedProcess.Start(
            "/bin/cat", [], new IsolationOptions { Namespaces = Net, UserIfNeeded = true, StandardInput = Redirection.Pipe });
        using NamespaceHandle own = NamespaceHandle.Current(Net);
        using var its = NamespaceHandle.Of(other, Net);
        bool same = own.IsSameNamespace(its);
        other.Kill();
        other.WaitForExit();
        return same;
    }
}
