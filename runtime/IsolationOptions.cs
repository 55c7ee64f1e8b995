using System.Collections;
using System.Runtime.InteropServices;
using NsGen.Launch;

namespace NsGen;

/// <summary>
/// How a child is isolated, chosen at run time: everything <see cref="IsolatedAttribute"/> can say, and what only a running program
/// knows. A property left null keeps the attribute's value, or the default where there is no attribute.
/// </summary>
/// <remarks>An instance may be reused for many launches, but not changed while one is starting.</remarks>
public sealed class IsolationOptions
{
    private Dictionary<string, string?>? _environment;

    /// <summary>The namespaces to create.</summary>
    public Namespaces? Namespaces { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.Join"/>
    public Namespaces? Join { get; set; }

    /// <summary>
    /// Whose namespaces are joined; needed where <see cref="Join"/> names any. Where that is null, those of a process are not joined, and
    /// of handles or pins all (<see cref="NamespaceTarget.FromHandles"/>, <see cref="NamespaceTarget.FromPaths"/>).
    /// </summary>
    public NamespaceTarget? Target { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.HostName"/>
    public string? HostName { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.DomainName"/>
    public string? DomainName { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.StackSize"/>
    public int? StackSize { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.MountProc"/>
    public bool? MountProc { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.Propagation"/>
    public MountPropagation? Propagation { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.LoopbackUp"/>
    public bool? LoopbackUp { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.UserIfNeeded"/>
    public bool? UserIfNeeded { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.MapRoot"/>
    public bool? MapRoot { get; set; }

    /// <summary>
    /// The whole user id map of a new <see cref="Namespaces.User"/>, instead of <see cref="MapRoot"/>. A single id, the caller's own, is
    /// written by the child itself; anything else directly where the caller has CAP_SETUID, or by newuidmap(1) within /etc/subuid.
    /// </summary>
    public IReadOnlyList<IdMapping>? UidMap { get; set; }

    /// <summary>The whole group id map; as <see cref="UidMap"/>, with CAP_SETGID, newgidmap(1) and /etc/subgid.</summary>
    public IReadOnlyList<IdMapping>? GidMap { get; set; }

    /// <summary>
    /// User id to become, as seen inside. By default 0 where the map has it and the caller's own id is not mapped, else unchanged.
    /// </summary>
    public uint? UserId { get; set; }

    /// <summary>Group id to become, as seen inside; as <see cref="UserId"/>.</summary>
    public uint? GroupId { get; set; }

    /// <summary>
    /// Whether the child's user and group stay what they are, where <see cref="UserId"/> and <see cref="GroupId"/> do not say otherwise: nothing is done to
    /// become root. Where the caller's own id is not mapped, the child is nobody (65534) inside and its capabilities are lost at execve(2); for that
    /// an empty <see cref="UidMap"/> or <see cref="GidMap"/> is allowed, and leaves the map to others. Not by default.
    /// </summary>
    public bool? PreserveCredentials { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.SetGroups"/>
    public bool? SetGroups { get; set; }

    /// <summary>
    /// Time after which the child is killed and a call throws <see cref="TimeoutException"/>;
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> and zero mean never. Counted from the launch.
    /// </summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>
    /// How long a cancelled body that takes a <see cref="CancellationToken"/> may take to end by itself before it is killed; one second by
    /// default. A body without a token and a program are killed at once.
    /// </summary>
    public TimeSpan? CancellationGracePeriod { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.KillOnParentExit"/>
    public bool? KillOnParentExit { get; set; }

    /// <summary>
    /// The signal that the child is sent when this process ends, with <see cref="KillOnParentExit"/>: 1 to 64, see signal(7). SIGKILL by default.
    /// </summary>
    public int? ParentExitSignal { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.NoNewPrivileges"/>
    public bool? NoNewPrivileges { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.MonotonicOffsetSeconds"/>
    public long? MonotonicOffsetSeconds { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.BoottimeOffsetSeconds"/>
    public long? BoottimeOffsetSeconds { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.WorkingDirectory"/>
    public string? WorkingDirectory { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.Init"/>
    public bool? Init { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.RootDirectory"/>
    public string? RootDirectory { get; set; }

    /// <inheritdoc cref="IsolatedAttribute.ReadOnlyRoot"/>
    public bool? ReadOnlyRoot { get; set; }

    /// <summary>
    /// What is mounted inside, in this order, before the root directory is entered; at most 64. Needs <see cref="Namespaces.Mount"/>,
    /// Linux 5.6, and 5.12 for read-only ones.
    /// </summary>
    public IList<MountEntry>? Mounts { get; set; }

    /// <summary>
    /// Resource limits of the child, which its own children inherit: prlimit(2). Those left out stay the caller's.
    /// </summary>
    public IDictionary<ResourceLimit, ResourceLimitValue>? ResourceLimits { get; set; }

    /// <summary>
    /// The only capabilities that the child keeps; an empty list drops all. The others leave the bounding set, so that no program inside can
    /// get them again, the ambient and inheritable sets are emptied. User id 0 inside has what is kept at once, another user by file capabilities
    /// only (capabilities(7)), or with <see cref="AmbientCapabilities"/>. Null, the default, changes nothing. Needs CAP_SETPCAP, or <see cref="Namespaces.User"/>.
    /// </summary>
    public IReadOnlyCollection<Capability>? Capabilities { get; set; }

    /// <summary>
    /// Whether a program that is not user 0 inside gets the capabilities too: they become ambient and inheritable, and the programs it executes
    /// have them as well (capabilities(7)). With <see cref="UserId"/>, root can so become another user and keep some. Not by default.
    /// </summary>
    public bool? AmbientCapabilities { get; set; }

    /// <summary>
    /// A control group, by its directory in a cgroup2 file system, in which the child begins; with <see cref="Namespaces.Cgroup"/> it is the root of
    /// what the child sees. It has to exist, and the caller to have write permission for its cgroup.procs and for that of the nearest
    /// group above both it and the caller's own (cgroups(7)).
    /// </summary>
    public string? CgroupPath { get; set; }

    /// <summary>Limits to write to <see cref="CgroupPath"/> before the child enters it. They stay there afterwards.</summary>
    public CgroupLimits? CgroupLimits { get; set; }

    /// <summary>Whether the child leads a new session without a controlling terminal: setsid(2). Not by default.</summary>
    public bool? NewSession { get; set; }

    /// <summary>
    /// Whether the runtime's diagnostics (debugger, dotnet-trace) are on in a managed body. Off by default: they cost a millisecond or more per start.
    /// They need files in TMPDIR, which are deleted when the child ends, however it does. An environment with DOTNET_EnableDiagnostics decides instead.
    /// </summary>
    public bool? Diagnostics { get; set; }

    /// <summary>
    /// The child's environment. On first use it is filled with this process's own variables; change, add, or <c>Clear()</c>. A null
    /// value removes the variable.
    /// </summary>
    public IDictionary<string, string?> Environment => _environment ??= CurrentEnvironment();

    /// <summary>Where standard input comes from; the parent's by default.</summary>
    public Redirection? StandardInput { get; set; }

    /// <summary>Where standard output goes; the parent's by default.</summary>
    public Redirection? StandardOutput { get; set; }

    /// <summary>Where standard error goes; the parent's by default.</summary>
    public Redirection? StandardError { get; set; }

    /// <summary>
    /// Open handles to pass on: the first becomes file descriptor 3 in the child, the next 4, and so on. All others are closed, whether
    /// or not they are close-on-exec.
    /// </summary>
    public IList<SafeHandle> InheritedHandles { get; } = new List<SafeHandle>();

    internal Namespaces Joined => Join ?? Target?.Kinds ?? NsGen.Namespaces.None;

    internal IReadOnlyDictionary<string, string?> EnvironmentOrCurrent => _environment ?? CurrentEnvironment();

    internal EnvironmentBlock EnvironmentBlock => _environment is null ? EnvironmentBlock.OfThisProcess() : EnvironmentBlock.Of(_environment);

    /// <summary>What is set here wins over <paramref name="defaults"/>.</summary>
    internal IsolationOptions Over(IsolationOptions defaults)
    {
        var merged = new IsolationOptions
        {
            Namespaces = Namespaces ?? defaults.Namespaces,
            Join = Join ?? defaults.Join,
            Target = Target ?? defaults.Target,
            HostName = HostName ?? defaults.HostName,
            DomainName = DomainName ?? defaults.DomainName,
            StackSize = StackSize ?? defaults.StackSize,
            MountProc = MountProc ?? defaults.MountProc,
            Propagation = Propagation ?? defaults.Propagation,
            LoopbackUp = LoopbackUp ?? defaults.LoopbackUp,
            UserIfNeeded = UserIfNeeded ?? defaults.UserIfNeeded,
            MapRoot = MapRoot ?? defaults.MapRoot,
            UidMap = UidMap ?? defaults.UidMap,
            GidMap = GidMap ?? defaults.GidMap,
            UserId = UserId ?? defaults.UserId,
            GroupId = GroupId ?? defaults.GroupId,
            PreserveCredentials = PreserveCredentials ?? defaults.PreserveCredentials,
            SetGroups = SetGroups ?? defaults.SetGroups,
            Timeout = Timeout ?? defaults.Timeout,
            CancellationGracePeriod = CancellationGracePeriod ?? defaults.CancellationGracePeriod,
            KillOnParentExit = KillOnParentExit ?? defaults.KillOnParentExit,
            ParentExitSignal = ParentExitSignal ?? defaults.ParentExitSignal,
            NoNewPrivileges = NoNewPrivileges ?? defaults.NoNewPrivileges,
            MonotonicOffsetSeconds = MonotonicOffsetSeconds ?? defaults.MonotonicOffsetSeconds,
            BoottimeOffsetSeconds = BoottimeOffsetSeconds ?? defaults.BoottimeOffsetSeconds,
            WorkingDirectory = WorkingDirectory ?? defaults.WorkingDirectory,
            Init = Init ?? defaults.Init,
            RootDirectory = RootDirectory ?? defaults.RootDirectory,
            ReadOnlyRoot = ReadOnlyRoot ?? defaults.ReadOnlyRoot,
            Mounts = Mounts ?? defaults.Mounts,
            ResourceLimits = ResourceLimits ?? defaults.ResourceLimits,
            Capabilities = Capabilities ?? defaults.Capabilities,
            AmbientCapabilities = AmbientCapabilities ?? defaults.AmbientCapabilities,
            CgroupPath = CgroupPath ?? defaults.CgroupPath,
            CgroupLimits = CgroupLimits ?? defaults.CgroupLimits,
            NewSession = NewSession ?? defaults.NewSession,
            Diagnostics = Diagnostics ?? defaults.Diagnostics,
            StandardInput = StandardInput ?? defaults.StandardInput,
            StandardOutput = StandardOutput ?? defaults.StandardOutput,
            StandardError = StandardError ?? defaults.StandardError,
            _environment = _environment ?? defaults._environment,
        };
        foreach (SafeHandle handle in InheritedHandles.Count > 0 ? InheritedHandles : defaults.InheritedHandles)
        {
            merged.InheritedHandles.Add(handle);
        }

        return merged;
    }

    /// <summary>One variable of the child's environment.</summary>
    internal string? Variable(string name)
        => _environment is null ? System.Environment.GetEnvironmentVariable(name) : _environment.GetValueOrDefault(name);

    private static Dictionary<string, string?> CurrentEnvironment()
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string?)entry.Value;
        }

        return variables;
    }
}
