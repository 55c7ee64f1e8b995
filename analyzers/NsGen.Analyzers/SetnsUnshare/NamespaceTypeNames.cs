using NsGen.Launch;

namespace NsGen.Analyzers.SetnsUnshare;

/// <summary>Namespaces as namespaces(7) speaks of them.</summary>
internal static class NamespaceTypeNames
{
    /// <summary>"a network namespace" for CLONE_NEWNET.</summary>
    public static string WithArticle(ulong type) => type switch
    {
        CloneFlagRules.NewCgroup => "a cgroup namespace",
        CloneFlagRules.NewIpc => "an IPC namespace",
        CloneFlagRules.NewNs => "a mount namespace",
        CloneFlagRules.NewNet => "a network namespace",
        CloneFlagRules.NewPid => "a PID namespace",
        CloneFlagRules.NewTime => "a time namespace",
        CloneFlagRules.NewUser => "a user namespace",
        CloneFlagRules.NewUts => "a UTS namespace",
        _ => "another namespace",
    };
}
