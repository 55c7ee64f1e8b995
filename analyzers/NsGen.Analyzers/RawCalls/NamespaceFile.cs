using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Launch;

namespace NsGen.Analyzers.RawCalls;

/// <summary>A file that stands for a namespace: /proc/PID/ns/net, or a name that ip-netns(8) binds in /run/netns.</summary>
/// <param name="Type">The CLONE_NEW flag of the namespace.</param>
/// <param name="Path">The path, as far as it is known.</param>
/// <param name="IsOwn">The namespace the caller itself is in: entering it again undoes an earlier change.</param>
internal readonly record struct NamespaceFile(ulong Type, PathText Path, bool IsOwn)
{
    private static readonly Dictionary<string, ulong> s_types = new(StringComparer.Ordinal)
    {
        ["cgroup"] = CloneFlagRules.NewCgroup,
        ["ipc"] = CloneFlagRules.NewIpc,
        ["mnt"] = CloneFlagRules.NewNs,
        ["net"] = CloneFlagRules.NewNet,
        ["pid"] = CloneFlagRules.NewPid,
        ["pid_for_children"] = CloneFlagRules.NewPid,
        ["time"] = CloneFlagRules.NewTime,
        ["time_for_children"] = CloneFlagRules.NewTime,
        ["user"] = CloneFlagRules.NewUser,
        ["uts"] = CloneFlagRules.NewUts,
    };

    public static NamespaceFile? TryRead(PathText path)
    {
        if (path.StartsWith("/run/netns/") || path.StartsWith("/var/run/netns/"))
        {
            return new(CloneFlagRules.NewNet, path, IsOwn: false);
        }

        int directory = path.Tail.LastIndexOf("/ns/", StringComparison.Ordinal);
        return directory >= 0
            && path.StartsWith("/proc/")
            && s_types.TryGetValue(path.Tail.Substring(directory + "/ns/".Length), out ulong type)
                ? new(type, path, path.StartsWith("/proc/self/") || path.StartsWith("/proc/thread-self/"))
                : null;
    }

    /// <summary>The namespace a descriptor, SafeFileHandle or FileStream was opened on; null if that is not known.</summary>
    public static NamespaceFile? TryRead(IOperation? descriptor, RawCallReader reader) => TryRead(FileDescriptors.PathOf(descriptor, reader));
}
