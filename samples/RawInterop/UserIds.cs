using NsGen;
using Tmds.Linux;
using static NsGen.Namespaces;
using static Tmds.Linux.LibC;

namespace RawInterop;

/// <summary>User namespaces: root without being root.</summary>
internal static partial class UserIds
{
    public static int BecomeRootRaw()
    {
        // NSG202: EINVAL, always. A .NET process has several threads, and they share one user namespace.
        if (unshare(CLONE_NEWUSER) != 0)
        {
            return -1;
        }

        File.WriteAllText("/proc/self/uid_map", $"0 {getuid()} 1");

        // NSG209: EPERM for anybody but root, until "deny" stands in setgroups.
        File.WriteAllText("/proc/self/gid_map", $"0 {getgid()} 1");
        return 0;
    }

    /// <summary>The maps are written by the parent, in the order that the kernel wants.</summary>
    [Isolated(User)]
    public static partial string ReadUser();

    private static string ReadUserCore() => $"{Environment.UserName}, privileged: {Environment.IsPrivilegedProcess}";
}
