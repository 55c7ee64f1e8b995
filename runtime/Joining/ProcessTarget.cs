using System.Globalization;
using Microsoft.Win32.SafeHandles;
using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Joining;

/// <summary>A living process, by a pidfd.</summary>
internal sealed class ProcessTarget(SafeFileHandle pidFd, string name) : NamespaceTarget(name)
{
    internal override bool IsInOwnUser
        => Link("user") is { } user && user == File.ResolveLinkTarget("/proc/self/ns/user", returnFinalTarget: false)?.Name;

    internal override bool MayBeLookedAt => Link("uts") is not null;

    /// <summary>
    /// All at once: the kernel knows the order in which the right to enter the others is neither missing yet nor lost already (setns(2)
    /// with a pidfd, Linux 5.8).
    /// </summary>
    internal override void AddSteps(ChildScript script, Namespaces join) => script.AddJoin(Name, pidFd, join);

    public override void Dispose() => pidFd.Dispose();

    /// <summary>The link of one of its namespaces, such as <c>net:[4026531840]</c>; null where it cannot be read.</summary>
    private string? Link(string kind)
    {
        string? pid = ProcFile.Field(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{pidFd.Number()}"), "Pid:");
        try
        {
            return pid is null or "-1" ? null : File.ResolveLinkTarget($"/proc/{pid}/ns/{kind}", returnFinalTarget: false)?.Name;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
