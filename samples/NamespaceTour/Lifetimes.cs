using NsGen;
using static NsGen.Namespaces;

namespace NamespaceTour;

/// <summary>Rows 13 to 16: which namespace is which, how long it lives, and who may make one.</summary>
internal static partial class Lifetimes
{
    /// <summary>Two processes are in one namespace if device and inode of its file are the same; NS_GET_NSTYPE tells its kind.</summary>
    public static void Links()
    {
        Console.WriteLine(NamespaceSet.Current());
        using IsolatedProcess child = Cat(new() { StandardInput = Redirection.Pipe });
        foreach (string link in (string[])["uts", "net"])
        {
            using var own = NamespaceHandle.Open($"/proc/self/ns/{link}");
            using var childs = NamespaceHandle.Open($"/proc/{child.Id}/ns/{link}");
            Console.WriteLine($"{childs.Type}: {own} and the child's {childs} are {(own.IsSameNamespace(childs) ? "one" : "two")}");
        }
    }

    [Isolated(Uts, Exec = "cat", HostName = "survivor", UserIfNeeded = true)]
    private static partial IsolatedProcess Cat(IsolationOptions streams);

    /// <summary>
    /// Joined after its last process has died. All of it in a child with its own mounts, so that the pin, a mount, is seen by nobody else, and
    /// everybody may make it.
    /// </summary>
    [Isolated(Mount, UserIfNeeded = true)]
    public static partial void Survivor();

    private static void SurvivorCore()
    {
        using IsolatedProcess child = Cat(new() { StandardInput = Redirection.Pipe });
        string path = Path.Combine(Path.GetTempPath(), $"namespace-tour-{Guid.NewGuid():N}");
        using (NamespaceHandle open = NamespaceHandle.Of(child, Uts))
        {
            child.Kill();
            child.WaitForExit();
            Console.WriteLine($"The last process of {open} has ended. Its host name, by the open file:");
            using var byFile = NamespaceTarget.FromHandles(open);
            HostName(byFile);
            open.Pin(path);
        }

        Console.WriteLine("The file is closed. By the mount:");
        using var byMount = NamespaceTarget.FromPaths(path);
        HostName(byMount);
        NamespaceHandle.Unpin(path);
    }

    [Isolated(Exec = "hostname")]
    private static partial int HostName(NamespaceTarget target);

    /// <summary>unshare(2) moves its caller, as clone(2) its child; but into a PID namespace it only moves the children to come.</summary>
    public static void ForkAndUnshare()
    {
        const Namespaces Kinds = Mount | Uts | Ipc | Net | Pid;
        NamespaceSet own = NamespaceSet.Current();
        var streams = new IsolationOptions { StandardInput = Redirection.Pipe, StandardOutput = Redirection.Pipe };
        using IsolatedProcess cloned = IsolatedProcess.Start("cat", [], new() { Namespaces = Kinds, UserIfNeeded = true, StandardInput = Redirection.Pipe });
        NamespaceSet byClone = NamespaceSet.Of(cloned.Id);
        Console.WriteLine($"clone:           {byClone.Differences(own)}");

        // The program unshares after it was forked, and says so when it has.
        string user = byClone.Differences(own).HasFlag(User) ? "--user --map-root-user" : "";
        using IsolatedProcess forked = IsolatedProcess.Start(
            "/bin/sh", ["-c", $"exec unshare {user} --mount --uts --ipc --net --pid /bin/sh -c 'echo ready; exec cat'"], streams);
        forked.StandardOutput.ReadLine();
        NamespaceSet byUnshare = NamespaceSet.Of(forked.Id);
        Console.WriteLine($"fork + unshare:  {byUnshare.Differences(own)}");
        Console.WriteLine($"its next child:  {(byUnshare.PidForChildren == own[Pid] ? "stays" : "is in a new PID namespace")}");
    }

    /// <summary>The kernel says EPERM. The exception says which capability is missing, and what would do instead.</summary>
    public static void WithoutPrivilege()
    {
        if (Environment.IsPrivilegedProcess)
        {
            // Root becomes an ordinary user first: 1000, in a child.
            OrdinaryUser(new() { UidMap = [new(1000, 0)], GidMap = [new(1000, 0)] });
        }
        else
        {
            OrdinaryUserCore();
        }
    }

    [Isolated(User)]
    private static partial void OrdinaryUser(IsolationOptions options);

    private static void OrdinaryUserCore()
    {
        try
        {
            HostNameOnly();
        }
        catch (LaunchException e)
        {
            Console.WriteLine($"Uts:        {e.Message}");
        }

        Console.WriteLine($"Uts | User: host name {HostNameAndUser()}");
    }

    [Isolated(Uts, HostName = "container")]
    private static partial string HostNameOnly();

    private static string HostNameOnlyCore() => Environment.MachineName;

    [Isolated(Uts | User, HostName = "container", Body = nameof(HostNameOnlyCore))]
    private static partial string HostNameAndUser();
}
