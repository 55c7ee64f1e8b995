using System.Globalization;
using NsGen.Confinement;
using NsGen.Native;

namespace NsGen.Launch;

/// <summary>
/// The order of operations between clone and execve. Each stands where it stands for a reason: what needs capabilities comes before
/// credentials change, what clears the parent-death signal before that is set, what needs descriptors before they are closed, and the
/// signals last.
/// </summary>
internal static unsafe class ChildScriptBuilder
{
    // mount(2)
    private const nint MsNoSuid = 2;
    private const nint MsNoDev = 4;
    private const nint MsNoExec = 8;
    private const nint MsRec = 0x4000;
    private const nint MsPrivate = 1 << 18;
    private const nint MsSlave = 1 << 19;
    private const nint MsShared = 1 << 20;

    // netdevice(7)
    private const nint SiocSifFlags = 0x8914;
    private const short IffUp = 0x1;
    private const short IffRunning = 0x40;

    /// <summary>Appends all steps of <paramref name="plan"/>.</summary>
    /// <param name="script">An empty script.</param>
    /// <param name="plan">What to do.</param>
    /// <param name="descriptors">Descriptors of the parent that become 0, 1, 2, 3 … in the child; -1 leaves one as it is.</param>
    /// <param name="parentPidFd">A pidfd of this process, to see whether it is still there.</param>
    /// <param name="gate">Where ids are mapped from outside: the child announces itself and waits here.</param>
    /// <param name="cgroup">The control group to enter, where there is one.</param>
    /// <param name="init">What init needs, where it comes before the program.</param>
    /// <param name="reserved">Gives numbers of descriptors that are free in the child.</param>
    public static void Build(
        ChildScript script,
        LaunchPlan plan,
        ReadOnlySpan<int> descriptors,
        int parentPidFd,
        IdMapGate? gate,
        CgroupEntry? cgroup,
        InitGate? init,
        ReservedDescriptors reserved)
    {
        if (plan.Join != 0 && !plan.NeedsSecondClone)
        {
            plan.Target!.AddSteps(script, plan.Join);
        }

        AddIdMaps(script, plan, parentPidFd, gate);
        CgroupEntry.AddSteps(script, plan, cgroup);
        AddTime(script, plan);
        AddMounts(script, plan);
        MountSteps.Add(script, plan, reserved);
        AddNames(script, plan);
        // Where init comes first, the session is the program's, and the program makes it.
        if (plan.NewSession && init is null)
        {
            script.Add(LaunchStep.NewSession, "setsid", SyscallNumbers.SetSid);
        }

        CapabilitySteps.AddBoundingSet(script, plan);
        AddCredentials(script, plan);

        // After the credentials, as a login does: the directory must be one that the new user may enter.
        if (plan.WorkingDirectory is { } directory)
        {
            script.Add(LaunchStep.WorkingDirectory, $"chdir {directory}", SyscallNumbers.Chdir, script.Utf8(directory));
        }

        AddParentDeath(script, plan, parentPidFd);
        if (plan.NoNewPrivileges)
        {
            script.Add(LaunchStep.NoNewPrivileges, "prctl(PR_SET_NO_NEW_PRIVS)", SyscallNumbers.Prctl, LibC.PR_SET_NO_NEW_PRIVS, 1);
        }

        AddDescriptors(script, descriptors, init);
        LimitSteps.Add(script, plan);
        CapabilitySteps.AddOwnSets(script, plan);
        AddSignals(script);
        if (init is null)
        {
            ExecSteps.Add(script, plan);
        }
        else
        {
            init.AddExec(script, plan);
        }
    }

    /// <summary>Appends what a thread of this process does for thread mode: it joins, leaves, and furnishes what it has entered.</summary>
    public static void AddForThread(ChildScript script, LaunchPlan plan)
    {
        if (plan.Join != 0)
        {
            plan.Target!.AddSteps(script, plan.Join);
        }

        if (plan.CloneFlags != 0)
        {
            string flags = string.Join('|', NamespaceNames.CloneFlags(plan.Namespaces));
            script.Add(LaunchStep.Clone, $"unshare({flags})", SyscallNumbers.Unshare, (nint)plan.CloneFlags);
        }

        AddMounts(script, plan);
        AddNames(script, plan);
    }

    private static void AddIdMaps(ChildScript script, LaunchPlan plan, int parentPidFd, IdMapGate? gate)
    {
        if (gate is not null)
        {
            // The child would wait for ever if the parent were killed now, and would not even be one that may outlive it.
            AddParentDeathSignal(script, LibC.SIGKILL);
            AddParentCheck(script, parentPidFd);
            nint one = (nint)script.Allocate(sizeof(ulong));
            *(ulong*)one = IdMapGate.ChildIsBorn;
            nint answer = (nint)script.Allocate(sizeof(ulong));
            script.Add(LaunchStep.WaitForIdMaps, "announce the child", SyscallNumbers.Write, gate.Born, one, sizeof(ulong));
            script.Add(LaunchStep.WaitForIdMaps, "wait for the id maps", SyscallNumbers.Read, gate.Mapped, answer, sizeof(ulong));
            if (!plan.KillOnParentExit)
            {
                AddParentDeathSignal(script, 0);
            }

            return;
        }

        if (!plan.Namespaces.HasFlag(Namespaces.User))
        {
            return;
        }

        // user_namespaces(7): without CAP_SETGID outside, gid_map may be written only once setgroups is given up.
        if (!plan.AllowSetGroups)
        {
            script.AddWriteFile(LaunchStep.SetGroups, "/proc/self/setgroups", "deny");
        }

        AddIdMap(script, LaunchStep.UidMap, "/proc/self/uid_map", plan.UidMap);
        AddIdMap(script, LaunchStep.GidMap, "/proc/self/gid_map", plan.GidMap);
    }

    private static void AddIdMap(ChildScript script, LaunchStep step, string path, IReadOnlyList<IdMapping> map)
    {
        if (map.Count > 0)
        {
            script.AddWriteFile(step, path, $"{map[0]}\n");
        }
    }

    /// <summary>
    /// The namespace is made, its clocks are set, and execve(2) enters it. clone(2) cannot (the flag is part of the exit signal), and
    /// clone3 would freeze the offsets at once.
    /// </summary>
    private static void AddTime(ChildScript script, LaunchPlan plan)
    {
        if (!plan.Namespaces.HasFlag(Namespaces.Time))
        {
            return;
        }

        script.Add(LaunchStep.Time, "unshare(CLONE_NEWTIME)", SyscallNumbers.Unshare, (nint)CloneFlagRules.NewTime);
        if (plan.MonotonicOffsetSeconds != 0 || plan.BoottimeOffsetSeconds != 0)
        {
            script.AddWriteFile(
                LaunchStep.Time,
                "/proc/self/timens_offsets",
                string.Create(
                    CultureInfo.InvariantCulture, $"monotonic {plan.MonotonicOffsetSeconds} 0\nboottime {plan.BoottimeOffsetSeconds} 0\n"));
        }
    }

    private static void AddMounts(ChildScript script, LaunchPlan plan)
    {
        if (!plan.Namespaces.HasFlag(Namespaces.Mount))
        {
            return;
        }

        // systemd makes / shared: without this, what is mounted below appears on the host (mount_namespaces(7)).
        (string name, nint flag) = plan.Propagation switch
        {
            MountPropagation.Private => ("private", MsPrivate),
            MountPropagation.Slave => ("slave", MsSlave),
            MountPropagation.Shared => ("shared", MsShared),
            _ => ("", 0),
        };
        if (flag != 0)
        {
            script.Add(LaunchStep.MountPropagation, $"make / recursively {name}", SyscallNumbers.Mount, 0, script.Utf8("/"), 0, MsRec | flag);
        }

        if (plan.MountProc)
        {
            nint proc = script.Utf8("proc");
            script.Add(
                LaunchStep.MountProc, "mount proc on /proc", SyscallNumbers.Mount, proc, script.Utf8("/proc"), proc, MsNoSuid | MsNoDev | MsNoExec);
        }
    }

    private static void AddNames(ChildScript script, LaunchPlan plan)
    {
        if (plan.LoopbackUp)
        {
            const int sizeOfIfReq = 40;
            byte* request = script.Allocate(sizeOfIfReq); // struct ifreq: char name[16], then a union that begins with short flags
            request[0] = (byte)'l';
            request[1] = (byte)'o';
            *(short*)(request + 16) = IffUp | IffRunning;
            ChildStep* socket = script.Add(
                LaunchStep.Loopback, "open a socket", SyscallNumbers.Socket, LibC.AF_INET, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC);
            ChildStep* up = script.Add(LaunchStep.Loopback, "bring the loopback device up", SyscallNumbers.Ioctl, 0, SiocSifFlags, (nint)request);
            socket->ResultTo = &up->A0;
        }

        if (plan.HostName is { } host)
        {
            AddName(script, LaunchStep.HostName, "sethostname", SyscallNumbers.SetHostName, host);
        }

        if (plan.DomainName is { } domain)
        {
            AddName(script, LaunchStep.DomainName, "setdomainname", SyscallNumbers.SetDomainName, domain);
        }
    }

    private static void AddName(ChildScript script, LaunchStep step, string call, nint number, string name)
        => script.Add(step, $"{call} {name}", number, script.Utf8(name), System.Text.Encoding.UTF8.GetByteCount(name));

    /// <summary>Groups before the user: afterwards the right to change them is gone.</summary>
    private static void AddCredentials(ChildScript script, LaunchPlan plan)
    {
        // Supplementary groups of the caller would survive the change of user; inside a user namespace that denies setgroups they must.
        bool mayDropGroups = !(plan.Namespaces | plan.Join).HasFlag(Namespaces.User) || plan.AllowSetGroups;
        if (plan.GroupId is { } group)
        {
            if (mayDropGroups)
            {
                script.Add(LaunchStep.Credentials, "setgroups(0)", SyscallNumbers.SetGroups, 0, 0);
            }

            script.Add(LaunchStep.Credentials, $"setresgid {group}", SyscallNumbers.SetResGid, (nint)group, (nint)group, (nint)group);
        }

        if (plan.UserId is { } user)
        {
            script.Add(LaunchStep.Credentials, $"setresuid {user}", SyscallNumbers.SetResUid, (nint)user, (nint)user, (nint)user);
        }
    }

    private static void AddParentDeath(ChildScript script, LaunchPlan plan, int parentPidFd)
    {
        if (!plan.KillOnParentExit)
        {
            return;
        }

        // Changing credentials clears it (prctl(2)), so it comes after that.
        AddParentDeathSignal(script, plan.ParentExitSignal);
        AddParentCheck(script, parentPidFd);
    }

    private static void AddParentDeathSignal(ChildScript script, int signal)
        => script.Add(LaunchStep.ParentDeath, $"prctl(PR_SET_PDEATHSIG, {signal})", SyscallNumbers.Prctl, LibC.PR_SET_PDEATHSIG, signal);

    /// <summary>
    /// The parent may have died before the signal was asked for: then its pidfd is readable, and the child ends here. getppid would not
    /// tell: it is 0 in a new PID namespace in either case.
    /// </summary>
    private static void AddParentCheck(ChildScript script, int parentPidFd)
    {
        var poll = (LibC.PollFd*)script.Allocate((nuint)sizeof(LibC.PollFd));
        poll->Fd = parentPidFd;
        poll->Events = LibC.POLLIN;
        ChildStep* alive = script.Add(
            LaunchStep.ParentDeath, "see that the parent lives", SyscallNumbers.PPoll, (nint)poll, 1, (nint)script.Allocate(2 * sizeof(long)));
        alive->Limit = 0;
    }

    private static void AddDescriptors(ChildScript script, ReadOnlySpan<int> descriptors, InitGate? init)
    {
        for (int target = 0; target < descriptors.Length; target++)
        {
            if (descriptors[target] >= 0)
            {
                script.Add(LaunchStep.Descriptors, $"dup descriptor {target}", SyscallNumbers.Dup3, descriptors[target], target);
            }
        }

        init?.AddDescriptors(script);

        // Native libraries open files without O_CLOEXEC; nothing but what was asked for crosses. Where the table is still the parent's, the
        // kernel copies what remains open and leaves the rest out (CLOSE_RANGE_UNSHARE).
        const nint unshare = 2;
        script.Add(
            LaunchStep.Descriptors,
            "close_range",
            SyscallNumbers.CloseRange,
            init?.FirstClosed ?? Math.Max(3, descriptors.Length),
            unchecked((nint)uint.MaxValue),
            unshare);
    }

    /// <summary>
    /// Handlers go back to default, since they are .NET's and would run on the parent's memory; what was ignored when the child was asked
    /// for stays so (nohup), but for SIGPIPE, which .NET itself ignores.
    /// </summary>
    private static void AddSignals(ChildScript script)
    {
        const int sizeOfKernelSigAction = 32;
        nint byDefault = (nint)script.Allocate(sizeOfKernelSigAction);
        script.Add(
            LaunchStep.Signals, "rt_sigaction SIGPIPE", SyscallNumbers.RtSigAction, LibC.SIGPIPE, byDefault, 0, sizeof(ulong));
        script.AddResetHandlers("rt_sigaction", byDefault, (nint)script.Allocate(sizeOfKernelSigAction));
        script.Add(
            LaunchStep.Signals, "rt_sigprocmask", SyscallNumbers.RtSigProcMask, LibC.SIG_SETMASK, (nint)(&script.State->SignalMask), 0, sizeof(ulong));
    }
}
