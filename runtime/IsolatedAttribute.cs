namespace NsGen;

/// <summary>
/// Makes a <c>static partial</c> method run in a child process with namespaces of its own. The generator writes the method: for
/// <c>Foo</c> it clones a child, runs <c>FooCore</c> there and carries arguments, result and exception across; with
/// <see cref="Exec"/> it runs a program instead.
/// </summary>
/// <remarks>
/// Every property has a run-time counterpart in <see cref="IsolationOptions"/>: declare a parameter of that type, and what the caller
/// sets there wins.
/// </remarks>
/// <example>
/// <code>
/// [Isolated(Uts | Pid | Mount, HostName = "container")]
/// public static partial string Greet(string name);
///
/// static string GreetCore(string name) => $"hello {name} from {Environment.MachineName}";
/// </code>
/// </example>
/// <param name="namespaces">The namespaces to create. <see cref="Namespaces.None"/> runs a plain child process.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IsolatedAttribute(Namespaces namespaces = Namespaces.None) : Attribute
{
    /// <summary>The namespaces to create.</summary>
    public Namespaces Namespaces { get; } = namespaces;

    /// <summary>
    /// Existing namespaces to join, instead of creating them: setns(2). Whose, the method's <see cref="NamespaceTarget"/> parameter says, or
    /// <see cref="IsolationOptions.Target"/>. May be combined with others that are created. Where it is left out, all are joined that a target of handles
    /// or pins holds.
    /// </summary>
    public Namespaces Join { get; set; }

    /// <summary>
    /// Name of the method that runs in the child, with the same parameters and result; by default the decorated method's name with
    /// <c>Core</c> appended. Write <c>nameof(X)</c>.
    /// </summary>
    public string? Body { get; set; }

    /// <summary>
    /// Path of a program to run instead of a body; without a slash it is looked up in PATH. The method's parameters become its
    /// arguments, an <see langword="int"/> result is its exit code.
    /// </summary>
    public string? Exec { get; set; }

    /// <summary>Whether the body runs in a child process, the default, or on a thread of this one.</summary>
    public IsolationMode Mode { get; set; }

    /// <summary>
    /// How many children are kept ready for a managed body, at most 64: in fresh namespaces, runtime up, body compiled, waiting for arguments.
    /// A call that finds one takes well under a millisecond instead of a runtime's start. 0 by default; see <see cref="IsolationPool"/>.
    /// </summary>
    public int Warm { get; set; }

    /// <summary>Host name inside, at most 64 bytes (HOST_NAME_MAX, sethostname(2)). Needs <see cref="Namespaces.Uts"/>.</summary>
    public string? HostName { get; set; }

    /// <summary>NIS domain name inside, at most 64 bytes (setdomainname(2)). Needs <see cref="Namespaces.Uts"/>.</summary>
    public string? DomainName { get; set; }

    /// <summary>
    /// Size in bytes of the stack on which the child makes its system calls before execve(2); at least 16384, rounded up to pages.
    /// The default, 65536, is enough: the body runs on its own runtime's stack.
    /// </summary>
    public int StackSize { get; set; }

    /// <summary>
    /// Whether a fresh proc(5) is mounted on /proc. By default it is when both <see cref="Namespaces.Pid"/> and
    /// <see cref="Namespaces.Mount"/> are created, the only case in which it is allowed and useful.
    /// </summary>
    public bool MountProc { get; set; }

    /// <summary>Propagation of mounts with <see cref="Namespaces.Mount"/>; private by default.</summary>
    public MountPropagation Propagation { get; set; }

    /// <summary>Whether the loopback device is brought up in a new <see cref="Namespaces.Net"/>; it is by default.</summary>
    public bool LoopbackUp { get; set; } = true;

    /// <summary>
    /// Whether <see cref="Namespaces.User"/> is created as well where the caller lacks CAP_SYS_ADMIN, and could not create the others without. Not by
    /// default. For a program that root and others run: root's namespaces belong to the machine, theirs to a user namespace in which they are root.
    /// </summary>
    public bool UserIfNeeded { get; set; }

    /// <summary>
    /// Whether the caller's user and group become root (0) inside a new <see cref="Namespaces.User"/>; they do by default. Otherwise
    /// they keep their numbers.
    /// </summary>
    public bool MapRoot { get; set; } = true;

    /// <summary>
    /// Whether setgroups(2) stays allowed in a new <see cref="Namespaces.User"/>. Not by default: an unprivileged caller must give it
    /// up before the group map may be written (user_namespaces(7)). Allowing it needs CAP_SETGID outside, or group ranges.
    /// </summary>
    public bool SetGroups { get; set; }

    /// <summary>
    /// Milliseconds after which the child is killed and the call throws <see cref="TimeoutException"/>; 0, the default, means never.
    /// </summary>
    public int TimeoutMilliseconds { get; set; }

    /// <summary>
    /// Whether the child is killed (SIGKILL) when this process ends, however it ends; true by default. PR_SET_PDEATHSIG, see prctl(2).
    /// </summary>
    public bool KillOnParentExit { get; set; } = true;

    /// <summary>Whether execve(2) may no longer grant privileges: PR_SET_NO_NEW_PRIVS, see prctl(2).</summary>
    public bool NoNewPrivileges { get; set; }

    /// <summary>
    /// A <c>System.Text.Json.Serialization.JsonSerializerContext</c> for parameters and results that are not primitive; makes the call
    /// work when trimmed or compiled ahead of time. Without it they are serialised by reflection.
    /// </summary>
    public Type? JsonContext { get; set; }

    /// <summary>Seconds added to CLOCK_MONOTONIC in a new <see cref="Namespaces.Time"/>; may be negative as long as the clock is not.</summary>
    public long MonotonicOffsetSeconds { get; set; }

    /// <summary>Seconds added to CLOCK_BOOTTIME in a new <see cref="Namespaces.Time"/>; may be negative as long as the clock is not.</summary>
    public long BoottimeOffsetSeconds { get; set; }

    /// <summary>
    /// Whether PID 1 of a new <see cref="Namespaces.Pid"/> is a minimal init, and the program its child: it reaps orphans, passes signals on, and ends
    /// when the program does, with its exit code, or 128 and the signal's number. Then the kernel kills whatever is left inside. Only with
    /// <see cref="Exec"/>; a managed body reaps by itself.
    /// </summary>
    public bool Init { get; set; }

    /// <summary>
    /// Directory that becomes the child's root, with everything mounted below it: pivot_root(2). The old root is gone from the new mount
    /// namespace. Needs <see cref="Namespaces.Mount"/> and a propagation of private or slave. The program is then looked up inside;
    /// with <see cref="Namespaces.Pid"/> a proc is mounted on /proc there.
    /// </summary>
    public string? RootDirectory { get; set; }

    /// <summary>
    /// Whether the root, with everything that is mounted below it already, becomes read-only; what <see cref="IsolationOptions.Mounts"/> mounts does
    /// not. mount_setattr(2), Linux 5.12. Needs <see cref="Namespaces.Mount"/>.
    /// </summary>
    public bool ReadOnlyRoot { get; set; }

    /// <summary>
    /// Working directory of the child, entered after everything is mounted; the caller's by default, / with <see cref="RootDirectory"/>.
    /// </summary>
    public string? WorkingDirectory { get; set; }
}
