using System.Text;
using NsGen.Confinement;
using NsGen.Native;

namespace NsGen.Launch;

/// <summary>
/// What a launch does, fully decided: pure data, every default filled in and every value checked. <see cref="ChildScriptBuilder"/> turns
/// it into system calls.
/// </summary>
internal sealed record LaunchPlan
{
    /// <summary>HOST_NAME_MAX of the kernel (__NEW_UTS_LEN), the same for the domain name.</summary>
    public const int MaxHostNameBytes = 64;

    public required Namespaces Namespaces { get; init; }

    /// <summary>Whether it is for a thread of this process and not for a child.</summary>
    public bool IsThread { get; init; }

    /// <summary>Path for execve(2).</summary>
    public required string FileName { get; init; }

    /// <summary>The arguments, argv[0] first.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The environment.</summary>
    public required EnvironmentBlock Environment { get; init; }

    /// <summary>Namespaces of <see cref="Target"/> to join.</summary>
    public Namespaces Join { get; init; }

    public NamespaceTarget? Target { get; init; }

    /// <summary>Paths tried before <see cref="FileName"/>, where only the child can see which of them exists.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    public string? HostName { get; init; }

    public string? DomainName { get; init; }

    public int StackSize { get; init; } = ChildStack.DefaultSize;

    public MountPropagation Propagation { get; init; }

    public bool MountProc { get; init; }

    /// <summary>Absolute path of the directory that becomes the root, as the caller sees it.</summary>
    public string? RootDirectory { get; init; }

    public bool ReadOnlyRoot { get; init; }

    public IReadOnlyList<MountEntry> Mounts { get; init; } = [];

    public IReadOnlyDictionary<ResourceLimit, ResourceLimitValue> ResourceLimits { get; init; } = new Dictionary<ResourceLimit, ResourceLimitValue>();

    /// <summary>A bit for each capability that is kept; null where all are.</summary>
    public ulong? Capabilities { get; init; }

    /// <summary>Whether capabilities survive execve(2) also where the child is not root inside.</summary>
    public bool AmbientCapabilities { get; init; }

    /// <summary>Absolute path of a directory of a cgroup2 file system.</summary>
    public string? CgroupPath { get; init; }

    public CgroupLimits? CgroupLimits { get; init; }

    /// <summary>Whether a program of NsGen's own is PID 1, and starts the one asked for.</summary>
    public bool Init { get; init; }

    public bool LoopbackUp { get; init; }

    public IReadOnlyList<IdMapping> UidMap { get; init; } = [];

    public IReadOnlyList<IdMapping> GidMap { get; init; } = [];

    /// <summary>Whether the maps are more than the child may write itself, so that another thread of the parent has to.</summary>
    public bool MapsNeedParent { get; init; }

    public bool AllowSetGroups { get; init; }

    public uint? UserId { get; init; }

    public uint? GroupId { get; init; }

    /// <summary>
    /// As whom files are made in file systems mounted for the child, where its own ids are not mapped in its user namespace: the kernel
    /// would refuse (EOVERFLOW).
    /// </summary>
    public uint? FileUserId { get; init; }

    public uint? FileGroupId { get; init; }

    public long MonotonicOffsetSeconds { get; init; }

    public long BoottimeOffsetSeconds { get; init; }

    public string? WorkingDirectory { get; init; }

    public bool NewSession { get; init; }

    public bool KillOnParentExit { get; init; } = true;

    public int ParentExitSignal { get; init; } = LibC.SIGKILL;

    public bool NoNewPrivileges { get; init; }

    /// <summary>
    /// Whether a first child joins and a second is born from it: into a joined PID namespace, which setns(2) opens to children only; with
    /// namespaces that are to belong to a joined user namespace; or with a user namespace of its own, after which it could join no more.
    /// </summary>
    public bool NeedsSecondClone
        => Join.HasFlag(Namespaces.Pid) || (Join.HasFlag(Namespaces.User) && CloneFlags != 0) || (Join != 0 && Namespaces.HasFlag(Namespaces.User));

    /// <summary>
    /// The namespaces given to clone(2). Not Time: its bit would be read as part of the exit signal. Nor Cgroup where the child enters a group first.
    /// </summary>
    public ulong CloneFlags => (ulong)(uint)(Namespaces & ~Namespaces.Time & (CgroupPath is null ? Namespaces.All : ~Namespaces.Cgroup));

    /// <summary>Decides everything that is the same for a program and a managed body.</summary>
    /// <param name="options">The caller's options over the attribute's.</param>
    /// <param name="fileName">Path for execve(2).</param>
    /// <param name="arguments">argv, argv[0] first.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="userId">The caller's effective user id.</param>
    /// <param name="groupId">The caller's effective group id.</param>
    /// <exception cref="ArgumentException">An option is out of range, or needs a namespace that is not created.</exception>
    public static LaunchPlan Create(
        IsolationOptions options,
        string fileName,
        IReadOnlyList<string> arguments,
        EnvironmentBlock environment,
        uint userId,
        uint groupId)
    {
        Namespaces namespaces = options.Namespaces ?? Namespaces.None;
        CheckNamespaces(namespaces);
        Namespaces join = options.Joined;
        if (options.UserIfNeeded == true && namespaces != 0 && !join.HasFlag(Namespaces.User) && !Native.Capabilities.Has(Capability.SysAdmin))
        {
            namespaces |= Namespaces.User;
        }

        CheckJoin(join, namespaces, options.Target);
        bool joinsUser = join.HasFlag(Namespaces.User);
        Require(namespaces, Namespaces.Uts, options.HostName is not null, nameof(options.HostName));
        Require(namespaces, Namespaces.Uts, options.DomainName is not null, nameof(options.DomainName));
        CheckName(options.HostName, nameof(options.HostName));
        CheckName(options.DomainName, nameof(options.DomainName));
        Require(namespaces, Namespaces.Pid | Namespaces.Mount, options.MountProc == true, nameof(options.MountProc));
        Require(
            namespaces,
            Namespaces.Time,
            options.MonotonicOffsetSeconds is not (null or 0) || options.BoottimeOffsetSeconds is not (null or 0),
            "a time offset");
        Require(namespaces, Namespaces.User, options.UidMap is not null || options.GidMap is not null, "an id map");
        CheckText(fileName, nameof(fileName));
        foreach (string argument in arguments)
        {
            CheckText(argument, nameof(arguments));
        }

        if (options.WorkingDirectory is { } directory)
        {
            CheckText(directory, nameof(options.WorkingDirectory));
        }

        if (options.Propagation is { } propagation && !Enum.IsDefined(propagation))
        {
            throw new ArgumentOutOfRangeException(nameof(options), propagation, "Propagation is no member of MountPropagation.");
        }

        int stackSize = options.StackSize is null or 0 ? ChildStack.DefaultSize : options.StackSize.Value;
        if (stackSize is < ChildStack.MinimumSize or > 1 << 30)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), stackSize, $"StackSize is {stackSize}: give at least {ChildStack.MinimumSize} bytes and at most 1 GiB.");
        }

        if (options.Timeout is { } timeout && timeout < TimeSpan.Zero && timeout != System.Threading.Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(options), timeout, "Timeout is negative.");
        }

        if (options.CancellationGracePeriod is { } grace && grace < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(options), grace, "CancellationGracePeriod is negative.");
        }

        if (options.ParentExitSignal is < 1 or > 64)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.ParentExitSignal, "ParentExitSignal is no signal: give 1 to 64.");
        }

        Require(namespaces, Namespaces.Pid, options.Init == true, nameof(options.Init));
        ConfinementChecks.Check(options, namespaces);
        bool mountProc = options.MountProc
            ?? ((namespaces & (Namespaces.Pid | Namespaces.Mount)) == (Namespaces.Pid | Namespaces.Mount)
                && options.Mounts?.Any(static mount => mount.Target == "/proc") != true);
        bool user = namespaces.HasFlag(Namespaces.User);
        bool mapRoot = options.MapRoot ?? true;
        IReadOnlyList<IdMapping> uidMap = !user ? [] : options.UidMap ?? [new(mapRoot ? 0 : userId, userId)];
        IReadOnlyList<IdMapping> gidMap = !user ? [] : options.GidMap ?? [new(mapRoot ? 0 : groupId, groupId)];
        bool preserve = options.PreserveCredentials ?? false;
        if (user)
        {
            CheckMap(uidMap, preserve, nameof(options.UidMap));
            CheckMap(gidMap, preserve, nameof(options.GidMap));
        }

        bool allowSetGroups = (user || joinsUser) && (options.SetGroups ?? false);

        return new LaunchPlan
        {
            Namespaces = namespaces,
            Join = join,
            Target = options.Target,
            FileName = fileName,
            Arguments = arguments,
            Environment = environment,
            HostName = options.HostName,
            DomainName = options.DomainName,
            StackSize = stackSize,
            Propagation = options.Propagation ?? MountPropagation.Private,
            MountProc = mountProc && options.RootDirectory is null,
            RootDirectory = options.RootDirectory is { } root ? Path.GetFullPath(root) : null,
            ReadOnlyRoot = options.ReadOnlyRoot ?? false,
            Mounts = ConfinementChecks.Mounts(options, mountProc),
            ResourceLimits = options.ResourceLimits is { } limits ? new Dictionary<ResourceLimit, ResourceLimitValue>(limits) : [],
            Capabilities = options.Capabilities?.Aggregate(0UL, static (kept, capability) => kept | (1UL << (int)capability)),
            AmbientCapabilities = options.AmbientCapabilities ?? false,
            CgroupPath = options.CgroupPath is { } group ? Path.GetFullPath(group) : null,
            CgroupLimits = options.CgroupLimits,
            Init = options.Init ?? false,
            LoopbackUp = namespaces.HasFlag(Namespaces.Net) && (options.LoopbackUp ?? true),
            UidMap = uidMap,
            GidMap = gidMap,
            MapsNeedParent = user && ((allowSetGroups && gidMap.Count > 0) || !IsNoneOrOwnId(uidMap, userId) || !IsNoneOrOwnId(gidMap, groupId)),
            AllowSetGroups = allowSetGroups,
            UserId = options.UserId ?? (preserve ? null : joinsUser ? 0 : IdToBecome(uidMap, userId)),
            GroupId = options.GroupId ?? (preserve ? null : joinsUser ? 0 : IdToBecome(gidMap, groupId)),
            FileUserId = preserve ? null : IdToBecome(uidMap, userId),
            FileGroupId = preserve ? null : IdToBecome(gidMap, groupId),
            MonotonicOffsetSeconds = options.MonotonicOffsetSeconds ?? 0,
            BoottimeOffsetSeconds = options.BoottimeOffsetSeconds ?? 0,
            WorkingDirectory = options.WorkingDirectory,
            NewSession = options.NewSession ?? false,
            KillOnParentExit = options.KillOnParentExit ?? true,
            ParentExitSignal = options.ParentExitSignal ?? LibC.SIGKILL,
            NoNewPrivileges = options.NoNewPrivileges ?? false,
        };
    }

    private static void CheckNamespaces(Namespaces namespaces)
    {
        if ((namespaces & ~Namespaces.All) != 0)
        {
            throw new ArgumentException(
                $"0x{(uint)(namespaces & ~Namespaces.All):X} is not a namespace flag. Combine members of {nameof(Namespaces)} only.", nameof(namespaces));
        }

        if (CloneFlagRules.TryFindRefusal((ulong)(uint)namespaces, out CloneFlagRules.Rule rule))
        {
            throw new ArgumentException($"clone(2) refuses {namespaces}: {rule.Reason}.", nameof(namespaces));
        }
    }

    private static void CheckJoin(Namespaces join, Namespaces created, NamespaceTarget? target)
    {
        if ((join & ~Namespaces.All) != 0)
        {
            throw new ArgumentException($"0x{(uint)(join & ~Namespaces.All):X} is not a namespace flag. Combine members of {nameof(Namespaces)} only.", nameof(join));
        }

        if ((join & created) != 0)
        {
            throw new ArgumentException($"{join & created} is both created and joined: choose one.", nameof(join));
        }

        if (join != 0 && target is null)
        {
            throw new ArgumentException(
                $"{join} is joined, but whose? Give the method a {nameof(NamespaceTarget)} parameter, or set IsolationOptions.Target.", nameof(join));
        }

        if (target?.Kinds is { } held && (join & ~held) != 0)
        {
            throw new ArgumentException(
                $"{join & ~held} is joined, but the target is only {target.Name} ({held}): give it a handle or path of that kind too, or leave it out of Join.",
                nameof(join));
        }

        if (target is not null && join == 0)
        {
            throw new ArgumentException($"A target is given, but {nameof(IsolationOptions.Join)} names none of its namespaces.", nameof(target));
        }

        // setns(2): EINVAL for the caller's own user namespace, which would give back dropped capabilities.
        if (join.HasFlag(Namespaces.User) && target!.IsInOwnUser)
        {
            throw new ArgumentException(
                $"{target.Name} is in the caller's own user namespace, which the kernel refuses to join (EINVAL): leave User out of Join.", nameof(join));
        }
    }

    internal static void Require(Namespaces created, Namespaces needed, bool isSet, string option)
    {
        if (isSet && (created & needed) != needed)
        {
            throw new ArgumentException(
                $"{option} needs {needed} among the namespaces created ({created}): it would act on the caller's own. Add {needed & ~created}.");
        }
    }

    private static void CheckName(string? name, string option)
    {
        if (name is null)
        {
            return;
        }

        CheckText(name, option);
        int bytes = Encoding.UTF8.GetByteCount(name);
        if (bytes is 0 or > MaxHostNameBytes)
        {
            throw new ArgumentException($"{option} has {bytes} bytes: the kernel takes 1 to {MaxHostNameBytes}.", option);
        }
    }

    internal static void CheckText(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A zero character would cut the text short on its way through the kernel.", name);
        }
    }

    private static void CheckMap(IReadOnlyList<IdMapping> map, bool mayBeEmpty, string option)
    {
        if (map.Count == 0 && !mayBeEmpty)
        {
            throw new ArgumentException(
                $"{option} has no line: without one the child is nobody (65534), and its capabilities are lost at execve(2). "
                + $"Where that is meant, set {nameof(IsolationOptions.PreserveCredentials)}.",
                option);
        }

        // user_namespaces(7): at most 340 lines since Linux 4.15.
        if (map.Count > 340)
        {
            throw new ArgumentException($"{option} has {map.Count} lines: the kernel takes at most 340.", option);
        }

        foreach (IdMapping line in map)
        {
            if (line.Count == 0 || line.Inside + (ulong)line.Count > uint.MaxValue || line.Outside + (ulong)line.Count > uint.MaxValue)
            {
                throw new ArgumentException($"{option} has the line \"{line}\": a range holds at least one id and ends below 4294967295.", option);
            }
        }
    }

    /// <summary>A single id that stands for the caller's own is the one map a process may write for itself.</summary>
    private static bool IsNoneOrOwnId(IReadOnlyList<IdMapping> map, uint id) => map.Count == 0 || (map.Count == 1 && map[0].Count == 1 && map[0].Outside == id);

    /// <summary>An id that the map leaves out would be the overflow id inside, and its capabilities would be lost at execve(2).</summary>
    private static uint? IdToBecome(IReadOnlyList<IdMapping> map, uint id)
    {
        if (map.Count == 0 || map.Any(line => id - (ulong)line.Outside < line.Count && id >= line.Outside))
        {
            return null;
        }

        return map.Any(static line => line.Inside == 0) ? 0 : map[0].Inside;
    }
}
