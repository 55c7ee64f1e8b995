namespace NsGen.Tests;

/// <summary>Namespaces that are joined by handle or path, most of them after their last process has ended.</summary>
public sealed partial class HandlesTargetTests
{
    public static TheoryData<Namespaces> Kinds => new(Uts, Ipc, Net, Cgroup, Mount, Uts | Net | Ipc, Uts | Ipc | Net | Cgroup | Mount);

    [KernelTheory, MemberData(nameof(Kinds))]
    public void A_program_is_in_exactly_the_namespaces_that_handles_hold(Namespaces joined)
    {
        using NamespaceTarget target = Left(All & ~Time & ~User, joined, out Namespaces user);
        using IsolatedProcess child = Shell.StartWaiting(new() { Target = target });

        Assert.Equal(joined | user, Proc.Difference(Environment.ProcessId, child.Id));
        child.Kill();
        child.WaitForExit();
    }

    [KernelFact(Requires.Isolation)]
    public void Join_chooses_among_them()
    {
        using NamespaceTarget target = Left(Uts | Net | Ipc, Uts | Net | Ipc, out Namespaces user);
        using IsolatedProcess child = Shell.StartWaiting(new() { Target = target, Join = Net | user, Namespaces = Uts });

        Assert.Equal(Net | Uts | user, Proc.Difference(Environment.ProcessId, child.Id));
        child.Kill();
        child.WaitForExit();
    }

    [KernelFact(Requires.Isolation | Requires.TimeNamespaces)]
    public void A_time_namespace_is_joined_after_its_last_process()
    {
        using NamespaceTarget target = Left(Time, Time, out _, new() { BoottimeOffsetSeconds = 100_000 });

        string uptime = Shell.Output(new() { Target = target }, "cut -d. -f1 /proc/uptime");

        Assert.InRange(long.Parse(uptime, System.Globalization.CultureInfo.InvariantCulture) - Environment.TickCount64 / 1000, 99_000, 101_000);
    }

    [KernelFact(Requires.Isolation)]
    public void In_a_PID_namespace_the_child_is_born_inside()
    {
        using var living = new Target(Pid | Mount);
        using NamespaceTarget target = Handles(living.Process, Pid | Mount | living.User);

        Assert.StartsWith("0\n", Shell.Output(new() { Target = target }, "echo $PPID; readlink /proc/self"), StringComparison.Ordinal);
    }

    [KernelFact(Requires.Isolation)]
    public void A_PID_namespace_whose_PID_1_has_ended_takes_nobody_and_the_error_says_so()
    {
        using NamespaceTarget target = Left(Pid, Pid, out _);

        LaunchException e = Assert.Throws<LaunchException>(() => Shell.Output(new() { Target = target }, "true"));
        Assert.Equal("ENOMEM", e.ErrnoName);
        Assert.Contains("PID 1", e.Hint, StringComparison.Ordinal);
    }

    [KernelTheory, AsCaller]
    public void Pins_are_joined_by_a_program_a_body_and_a_thread(Namespaces user) => InChild.Run(JoinPins, user | Mount);

    private static void JoinPins()
    {
        using var directory = new TemporaryDirectory();
        string uts = Path.Combine(directory.Path, "uts");
        string net = Path.Combine(directory.Path, "net");
        string inside;
        using (IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Uts | Net, HostName = "ghost" }))
        {
            using NamespaceHandle utsHandle = NamespaceHandle.Of(child, Uts);
            using NamespaceHandle netHandle = NamespaceHandle.Of(child, Net);
            utsHandle.Pin(uts);
            netHandle.Pin(net);
            inside = $"ghost in {netHandle}";
            child.Kill();
            child.WaitForExit();
        }

        using NamespaceTarget target = NamespaceTarget.FromPaths(uts, net);
        Assert.Equal("ghost", Shell.Output(new() { Target = target }, "hostname"));
        Assert.Equal(inside, Where(target));
        Assert.Equal(inside, WhereOnThread(target));
        NamespaceHandle.Unpin(uts);
        NamespaceHandle.Unpin(net);

        // The target has them open.
        Assert.Equal(inside, Where(target));
        Assert.NotEqual("ghost", Environment.MachineName);
    }

    [KernelTheory, AsCaller]
    public void A_thread_joins_a_mount_namespace_without_a_process(Namespaces user) => InChild.Run(JoinMountOnThread, user);

    private static void JoinMountOnThread()
    {
        using NamespaceTarget target = Left(Mount, Mount, out _, new() { Mounts = [MountEntry.Tmpfs("/mnt", size: 1 << 20)] });

        Assert.Equal("tmpfs", FileSystemOfMnt(target));
        Assert.NotEqual("tmpfs", FileSystemOfMntCore());
    }

    /// <summary>Where the caller can do it before only, after only, and where both would do, the order is found.</summary>
    [KernelTheory(Tools = "unshare"), AsCaller]
    public void The_user_namespace_is_joined_when_the_right_to_the_others_is_not_yet_lost_or_already_there(Namespaces user)
        => InChild.Run(JoinAroundUser, user | Net);

    private static void JoinAroundUser()
    {
        using IsolatedProcess inUser = Shell.StartWaiting(new() { Namespaces = User | Uts });
        using NamespaceHandle userHandle = NamespaceHandle.Of(inUser, User);
        using NamespaceHandle ownedInside = NamespaceHandle.Of(inUser, Uts);

        // Belongs to this process's user namespace, over which the joined one gives no right.
        using IsolatedProcess beside = Shell.StartWaiting(new() { Namespaces = Ipc });
        using NamespaceHandle ownedOutside = NamespaceHandle.Of(beside, Ipc);

        // Belongs to a user namespace below the one that is joined.
        using NamespaceTarget first = NamespaceTarget.FromHandles(userHandle);
        using IsolatedProcess below = IsolatedProcess.Start(
            Requirements.FindTool("unshare")!, ["--user", "--cgroup", "sleep", "1000"], new() { Target = first });
        Proc.Until(() => Proc.Link(below.Id, Cgroup) != Proc.Link(inUser.Id, Cgroup), "unshare(1) has made its namespaces").GetAwaiter().GetResult();
        using NamespaceHandle ownedBelow = NamespaceHandle.Of(below, Cgroup);

        using NamespaceTarget all = NamespaceTarget.FromHandles(ownedBelow, ownedInside, userHandle, ownedOutside);
        using IsolatedProcess child = Shell.StartWaiting(new() { Target = all });
        Assert.Equal(User | Uts | Ipc | Cgroup, Proc.Difference(Environment.ProcessId, child.Id));
        Assert.Equal(
            [userHandle.Id, ownedInside.Id, ownedOutside.Id, ownedBelow.Id],
            [.. ((Namespaces[])[User, Uts, Ipc, Cgroup]).Select(kind => NamespaceSet.Of(child.Id)[kind])]);
        foreach (IsolatedProcess process in (IsolatedProcess[])[inUser, beside, below, child])
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    [KernelFact(Requires.Unprivileged | Requires.UserNamespaces)]
    public void Without_its_user_namespace_the_error_names_it()
    {
        using var living = new Target(Net);
        using NamespaceTarget target = Handles(living.Process, Net);

        LaunchException e = Assert.Throws<LaunchException>(() => Shell.Output(new() { Target = target }, "true"));
        Assert.Equal("EPERM", e.ErrnoName);
        Assert.Contains(nameof(NamespaceHandle.GetOwningUser), e.Hint, StringComparison.Ordinal);
    }

    [KernelFact]
    public void What_cannot_be_a_target_is_refused_when_it_is_made()
    {
        using NamespaceHandle uts = NamespaceHandle.Current(Uts);
        using NamespaceHandle again = NamespaceHandle.Current(Uts);
        NamespaceHandle closed = NamespaceHandle.Current(Net);
        closed.Dispose();
        using var directory = new TemporaryDirectory();
        string file = directory.Write("file", "");

        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => NamespaceTarget.FromHandles()).Message, StringComparison.Ordinal);
        Assert.Contains("both uts", Assert.Throws<ArgumentException>(() => NamespaceTarget.FromHandles(uts, again)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => NamespaceTarget.FromHandles(uts, null!));
        Assert.Throws<ObjectDisposedException>(() => NamespaceTarget.FromHandles(closed));
        Assert.Equal("ENOTTY", Assert.Throws<NamespaceCallException>(() => NamespaceTarget.FromPaths(file)).ErrnoName);
        Assert.Equal("ENOENT", Assert.Throws<NamespaceCallException>(() => NamespaceTarget.FromPaths(file + "s")).ErrnoName);
        Assert.Contains(
            "both uts",
            Assert.Throws<ArgumentException>(() => NamespaceTarget.FromPaths("/proc/self/ns/uts", "/proc/1/../self/ns/uts")).Message,
            StringComparison.Ordinal);
    }

    [KernelFact]
    public void What_cannot_be_joined_is_refused_before_there_is_a_child()
    {
        using NamespaceTarget uts = NamespaceTarget.FromPaths("/proc/self/ns/uts");
        using NamespaceTarget user = NamespaceTarget.FromPaths("/proc/self/ns/user");
        NamespaceTarget disposed = NamespaceTarget.FromPaths("/proc/self/ns/uts");
        disposed.Dispose();

        Assert.Contains("the target is only /proc/self/ns/uts (Uts)", Refused(new() { Target = uts, Join = Uts | Net }), StringComparison.Ordinal);
        Assert.Contains("both created and joined", Refused(new() { Target = uts, Namespaces = Uts }), StringComparison.Ordinal);
        Assert.Contains("names none", Refused(new() { Target = uts, Join = None }), StringComparison.Ordinal);
        Assert.Contains("own user namespace", Refused(new() { Target = user }), StringComparison.Ordinal);
        Assert.Contains("Process", Assert.Throws<ArgumentException>(() => WhereOnThread(user)).Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => Shell.Output(new() { Target = disposed }, "true"));

        static string Refused(IsolationOptions options) => Assert.Throws<ArgumentException>(() => Shell.Output(options, "true")).Message;
    }

    [KernelFact]
    public void A_disposed_process_is_not_taken_for_whatever_has_its_descriptor_now()
    {
        NamespaceTarget disposed = NamespaceTarget.FromProcess(Environment.ProcessId);
        disposed.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Shell.Output(new() { Target = disposed, Join = Uts }, "true"));
    }

    [Isolated]
    private static partial string Where(NamespaceTarget target);

    private static string WhereCore()
    {
        using NamespaceHandle net = NamespaceHandle.Current(Net);
        return $"{Environment.MachineName} in {net}";
    }

    [Isolated(Mode = IsolationMode.Thread, Body = nameof(WhereCore))]
    private static partial string WhereOnThread(NamespaceTarget target);

    [Isolated(Mode = IsolationMode.Thread)]
    private static partial string FileSystemOfMnt(NamespaceTarget target);

    private static string FileSystemOfMntCore()
        => File.ReadLines("/proc/thread-self/mounts").Select(static line => line.Split(' ')).LastOrDefault(static fields => fields[1] == "/mnt")?[2] ?? "";

    /// <summary>Namespaces that a process had, and that nothing but handles holds now that it has ended.</summary>
    private static NamespaceTarget Left(Namespaces created, Namespaces held, out Namespaces user, IsolationOptions? options = null)
    {
        using var ended = new Target(created, options);
        user = ended.User;
        return Handles(ended.Process, held | user);
    }

    private static NamespaceTarget Handles(IsolatedProcess process, Namespaces kinds)
    {
        NamespaceHandle[] handles = [.. Proc.Links.Keys.Where(kind => kinds.HasFlag(kind)).Select(kind => NamespaceHandle.Of(process, kind))];
        try
        {
            return NamespaceTarget.FromHandles(handles);
        }
        finally
        {
            Array.ForEach(handles, static handle => handle.Dispose());
        }
    }
}
