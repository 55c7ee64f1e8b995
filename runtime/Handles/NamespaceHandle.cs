using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using NsGen.Handles;
using NsGen.Native;

namespace NsGen;

/// <summary>
/// A namespace held by a descriptor of its file. It exists as long as the handle is open, also when its last process has ended
/// (namespaces(7), "Namespace lifetime").
/// </summary>
/// <remarks>
/// <para>
/// A handle is a resource, so <see cref="object.Equals(object)"/> compares handles and not namespaces: each of two handles of one namespace
/// is to be disposed. Namespaces are compared by <see cref="Id"/>, or <see cref="IsSameNamespace"/>. <see cref="Id"/> and
/// <see cref="Type"/> are read once, when the handle is made, and can still be asked after it is disposed.
/// </para>
/// <para>The descriptor is close-on-exec: children do not get it.</para>
/// </remarks>
/// <example>
/// <code>
/// using var mine = NamespaceHandle.Current(Namespaces.Net);
/// using var theirs = NamespaceHandle.Of(1234, Namespaces.Net);
/// Console.WriteLine(mine.IsSameNamespace(theirs) ? "one network" : $"{mine} and {theirs}");
/// </code>
/// </example>
[SupportedOSPlatform("linux")]
public sealed unsafe partial class NamespaceHandle : SafeHandle
{
    private NamespaceHandle(int fd)
        : base(-1, ownsHandle: true) => SetHandle(fd);

    /// <summary>Whether there is no descriptor; 0 is one.</summary>
    public override bool IsInvalid => handle < 0;

    /// <summary>The kind of namespace: NS_GET_NSTYPE, see ioctl_ns(2).</summary>
    public Namespaces Type { get; private init; }

    /// <summary>Device and inode: equal for two handles if, and only if, they hold the same namespace.</summary>
    public NamespaceId Id { get; private init; }

    /// <summary>
    /// The user who owns a <see cref="Namespaces.User"/> namespace, that is the effective user of the process that made it, and is almighty
    /// inside: NS_GET_OWNER_UID, see ioctl_ns(2).
    /// </summary>
    /// <remarks>
    /// The number is that of the caller's user namespace; a user without one there is 65534 (/proc/sys/kernel/overflowuid). Other kinds of
    /// namespace belong to the owner of the user namespace that owns them, see <see cref="GetOwningUser"/>.
    /// </remarks>
    /// <exception cref="NotSupportedException">It is not a user namespace.</exception>
    /// <exception cref="NamespaceCallException">The kernel refuses.</exception>
    public uint OwnerUid
    {
        get
        {
            if (Type != Namespaces.User)
            {
                throw new NotSupportedException(
                    $"{this} has no owner of its own: a user owns user namespaces, which own the others. Ask that of "
                        + $"{nameof(GetOwningUser)}() (ioctl_ns(2)).");
            }

            uint uid;
            return LibC.Ioctl(this, LibC.NS_GET_OWNER_UID, &uid) == 0
                ? uid
                : throw new NamespaceCallException($"ioctl(NS_GET_OWNER_UID) of {this}", Marshal.GetLastPInvokeError(), hint: null);
        }
    }

    /// <summary>
    /// Opens a namespace's file: /proc/PID/ns/*, a pin as of <see cref="Pin"/> or <c>ip netns</c>, or /proc/self/fd/N of a descriptor.
    /// </summary>
    /// <param name="path">The file; links are followed.</param>
    /// <exception cref="NamespaceCallException">
    /// It cannot be opened (ENOENT, EACCES), or is not a namespace (ENOTTY), for example because nothing is mounted on it.
    /// </exception>
    public static NamespaceHandle Open(string path)
    {
        CheckPath(path);
        string step = $"open {path}";
        // Whatever else it is, a pipe or a terminal, opening it must not block nor make it this process's terminal.
        int fd = LibC.Open(path, LibC.O_CLOEXEC | LibC.O_NONBLOCK | LibC.O_NOCTTY);
        if (fd < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new NamespaceCallException(step, errno, HandleHints.ForOpen(path, errno));
        }

        return Adopt(fd, step, path);
    }

    /// <summary>As <see cref="Open(string)"/>, for a file that has to be a namespace of one kind.</summary>
    /// <param name="path">The file; links are followed.</param>
    /// <param name="one">The kind, exactly one.</param>
    /// <exception cref="ArgumentException"><paramref name="one"/> is not exactly one kind.</exception>
    /// <exception cref="NamespaceCallException">
    /// It cannot be opened, is not a namespace (ENOTTY), or is one of another kind (EINVAL, as setns(2) says it).
    /// </exception>
    public static NamespaceHandle Open(string path, Namespaces one)
    {
        string link = NamespaceNames.Link(one);
        NamespaceHandle handle = Open(path);
        if (handle.Type == one)
        {
            return handle;
        }

        handle.Dispose();
        throw new NamespaceCallException($"open {path} as a {link} namespace", Errno.EINVAL, $"It is another kind of namespace: {handle}.");
    }

    /// <summary>A namespace whose file is open already: received from another process, or inherited.</summary>
    /// <param name="descriptor">Its descriptor. It is duplicated; the caller keeps its own.</param>
    /// <exception cref="NamespaceCallException">It is not a namespace (ENOTTY).</exception>
    public static NamespaceHandle FromDescriptor(SafeHandle descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        using SafeFileHandle own = FileDescriptor.Duplicate(descriptor, 0);
        int fd = own.Number();
        own.SetHandleAsInvalid();
        return Adopt(fd, "take the descriptor", string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{fd}"));
    }

    /// <summary>A namespace of a process.</summary>
    /// <param name="processId">Its id as /proc shows it.</param>
    /// <param name="one">Which namespace, exactly one.</param>
    /// <remarks>
    /// A number is a name that can be given away: hold the process (as its parent, or by a pidfd) while you ask for it. For a process of
    /// another user CAP_SYS_PTRACE is needed, see ptrace(2), PTRACE_MODE_READ_FSCREDS.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="one"/> is not exactly one kind.</exception>
    /// <exception cref="NamespaceCallException">There is no such process, or the caller may not look at it (EACCES).</exception>
    public static NamespaceHandle Of(int processId, Namespaces one)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processId);
        string link = NamespaceNames.Link(one);
        return OpenLink(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/ns/{link}"), processId, link);
    }

    /// <summary>A namespace of an isolated child.</summary>
    /// <param name="process">The child.</param>
    /// <param name="one">Which namespace, exactly one.</param>
    /// <exception cref="ArgumentException"><paramref name="one"/> is not exactly one kind.</exception>
    /// <exception cref="NamespaceCallException">It has ended, or the caller may not look at it.</exception>
    public static NamespaceHandle Of(IsolatedProcess process, Namespaces one)
    {
        ArgumentNullException.ThrowIfNull(process);
        NamespaceHandle handle = Of(process.Id, one);
        if (process.IsReaped)
        {
            // Then the number may have been another's already. Where it has not, it was the child's when the link was opened.
            handle.Dispose();
            throw new NamespaceCallException(
                $"open {NamespaceNames.Link(one)} of process {process.Id}",
                Errno.ESRCH,
                "The child has ended. Take the handle while it lives: the namespace then outlives it.");
        }

        return handle;
    }

    /// <summary>A namespace of the calling thread, see /proc/thread-self/ns.</summary>
    /// <param name="one">
    /// Which namespace, exactly one. <see cref="Namespaces.Pid"/> is the one the thread itself is in, whatever setns(2) or unshare(2) have
    /// said for its children (<see cref="NamespaceSet.PidForChildren"/>).
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="one"/> is not exactly one kind.</exception>
    /// <exception cref="NamespaceCallException">The kernel was built without it, or /proc is not mounted.</exception>
    public static NamespaceHandle Current(Namespaces one)
    {
        string link = NamespaceNames.Link(one);
        return OpenLink($"/proc/thread-self/ns/{link}", processId: null, link);
    }

    /// <summary>Whether both handles hold one namespace.</summary>
    /// <param name="other">Another handle.</param>
    public bool IsSameNamespace(NamespaceHandle other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Id == other.Id;
    }

    /// <summary>
    /// The namespace around a <see cref="Namespaces.Pid"/> or <see cref="Namespaces.User"/> namespace: NS_GET_PARENT, see ioctl_ns(2).
    /// </summary>
    /// <returns>
    /// Null at the edge of what the caller sees: the parent is outside its own namespace, or there is none. The kernel tells these apart
    /// for nobody (EPERM).
    /// </returns>
    /// <exception cref="NotSupportedException">The other kinds are not nested.</exception>
    /// <exception cref="NamespaceCallException">The kernel refuses for another reason.</exception>
    public NamespaceHandle? GetParent() => Type is Namespaces.Pid or Namespaces.User
        ? Related(LibC.NS_GET_PARENT, "NS_GET_PARENT")
        : throw new NotSupportedException($"{this} has no parent: only pid and user namespaces are nested (ioctl_ns(2), NS_GET_PARENT).");

    /// <summary>
    /// The user namespace that owns this one, and in which capabilities over it count: NS_GET_USERNS, see ioctl_ns(2). For a user namespace
    /// it is its parent.
    /// </summary>
    /// <returns>Null where it is neither the caller's own user namespace nor one inside it (EPERM).</returns>
    /// <exception cref="NamespaceCallException">The kernel refuses for another reason.</exception>
    public NamespaceHandle? GetOwningUser() => Related(LibC.NS_GET_USERNS, "NS_GET_USERNS");

    /// <summary>
    /// Moves the calling thread into the namespace until the result is disposed, for a few lines of synchronous code: setns(2).
    /// </summary>
    /// <remarks>
    /// <para>
    /// <see cref="Namespaces.Uts"/>, <see cref="Namespaces.Ipc"/>, <see cref="Namespaces.Net"/> and <see cref="Namespaces.Cgroup"/> can be
    /// entered so. For the others a child joins (<see cref="IsolationOptions.Join"/>): the kernel lets no thread of a process with several
    /// into another user or time namespace, another PID namespace is only entered by children, and a thread can be in another mount
    /// namespace only after it has given up for good that its working directory is that of the process.
    /// </para>
    /// <para>
    /// Only this thread moves. Threads that are born meanwhile, also those of the pool, timers and asynchronous sockets, are born inside
    /// and <b>stay</b> there: start no task and no thread in the scope, and use nothing asynchronous. A socket stays what it was made as:
    /// one that is opened in the scope belongs to the namespace for ever, and may be used outside. Starting an
    /// <see cref="IsolatedProcess"/> or an isolated method in the scope is refused: other threads start it, and it might not be inside. The
    /// threads that .NET itself starts when they are first needed are started before the first scope.
    /// </para>
    /// <para>
    /// Where the way back could be refused, nothing is entered. Where it is refused all the same, because the thread has lost its
    /// capabilities in the scope, the process is ended by <see cref="Environment.FailFast(string)"/>: a thread cannot be, and the pool
    /// would use it for somebody else's work in the wrong namespace.
    /// </para>
    /// <para>
    /// Entering an <see cref="Namespaces.Ipc"/> namespace applies and forgets the thread's System V semaphore adjustments (SEM_UNDO,
    /// semop(2)).
    /// </para>
    /// </remarks>
    /// <example>
    /// <code>
    /// using var handle = NamespaceHandle.Open("/run/netns/blue");
    /// Socket listener;
    /// using (handle.Enter())
    /// {
    ///     listener = new Socket(SocketType.Stream, ProtocolType.Tcp); // belongs to blue, wherever it is used
    /// }
    /// </code>
    /// </example>
    /// <returns>Goes back when it is disposed, on the same thread.</returns>
    /// <exception cref="NotSupportedException">It is of a kind that a thread cannot enter; nothing has changed.</exception>
    /// <exception cref="NamespaceCallException">
    /// The caller lacks CAP_SYS_ADMIN in its user namespace or over the one that owns either namespace (EPERM); nothing has changed.
    /// </exception>
    public NamespaceScope Enter() => new(EnteredNamespace.Enter(this));

    /// <summary>As the kernel writes it, such as <c>uts:[4026531838]</c>.</summary>
    public override string ToString() => $"{NamespaceNames.TryGetLink(Type)}:{Id}";

    /// <summary>As <see cref="Open(string)"/>, for what has been opened.</summary>
    /// <param name="fd">The descriptor, which is closed or owned by the handle when this returns.</param>
    /// <param name="step">What messages call it.</param>
    /// <param name="path">Where it comes from.</param>
    internal static NamespaceHandle Adopt(int fd, string step, string path)
    {
        using var owned = new NamespaceHandle(fd);
        int type = LibC.Ioctl(owned, LibC.NS_GET_NSTYPE, null);
        if (type < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            // EBADF is said of O_PATH descriptors, EINVAL and others by devices to any ioctl.
            throw new NamespaceCallException($"{step} as a namespace", errno, HandleHints.NotANamespace(path));
        }

        if (NamespaceNames.TryGetLink((Namespaces)type) is null)
        {
            throw new NamespaceException($"{path} is a namespace of a kind that NsGen does not know: 0x{type:x}.");
        }

        int failed = NamespaceFile.TryGetId(owned, "", out NamespaceId id);
        if (failed != 0)
        {
            throw new NamespaceCallException($"statx {path}", failed, hint: null);
        }

        var handle = new NamespaceHandle(fd) { Type = (Namespaces)type, Id = id };
        owned.SetHandleAsInvalid();
        return handle;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LibC.Close((int)handle) == 0;

    private static NamespaceHandle OpenLink(string path, int? processId, string link)
    {
        int fd = LibC.Open(path, LibC.O_CLOEXEC);
        if (fd < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new NamespaceCallException($"open {path}", errno, HandleHints.ForProcess(processId, link, errno));
        }

        return Adopt(fd, $"open {path}", path);
    }

    /// <summary>A path with a NUL would be cut there by the kernel.</summary>
    private static void CheckPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A path has no NUL character.", nameof(path));
        }
    }

    private NamespaceHandle? Related(nuint request, string name)
    {
        int fd = LibC.Ioctl(this, request, null);
        if (fd >= 0)
        {
            return Adopt(fd, name, $"{name} of {this}");
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno == Errno.EPERM
            ? null
            : throw new NamespaceCallException(
                $"ioctl({name}) of {this}", errno, errno == Errno.EMFILE ? Launch.LaunchHints.DescriptorLimit : null);
    }
}
