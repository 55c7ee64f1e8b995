using System.Text;

namespace NsGen;

/// <summary>
/// One mount of <see cref="IsolationOptions.Mounts"/>, made inside the new <see cref="Namespaces.Mount"/> and gone with it. Sources are
/// paths as the caller sees them; targets are paths inside <see cref="IsolationOptions.RootDirectory"/>, and symbolic links in them are
/// followed there and never lead out of it (openat2(2), RESOLVE_IN_ROOT).
/// </summary>
/// <remarks>
/// A mount point that is missing is made in the root directory, where the child's user may: directories with mode 0755, files empty with
/// 0644. They stay there afterwards. Without a root directory it has to exist.
/// </remarks>
public sealed record MountEntry
{
    private const UnixFileMode DefaultTmpfsMode = (UnixFileMode)0x3FF; // 1777 in octal

    private MountEntry(MountKind kind, string target)
    {
        Kind = kind;
        Target = target;
    }

    /// <summary>Where it is mounted: an absolute path inside the root.</summary>
    public string Target { get; }

    internal MountKind Kind { get; }

    /// <summary>Absolute path of what is bound.</summary>
    internal string? Source { get; private init; }

    internal bool ReadOnly { get; private init; }

    /// <summary>Bytes, 0 for the kernel's default.</summary>
    internal long Size { get; private init; }

    internal int Mode { get; private init; }

    internal bool Masked { get; private init; }

    /// <summary>
    /// Shows a directory, with everything mounted below it, or a file at another place: open_tree(2) with OPEN_TREE_CLONE and AT_RECURSIVE.
    /// What the mounts are (nosuid, nodev, noexec, read-only) they stay.
    /// </summary>
    /// <param name="source">What is shown, as the caller sees it; relative to the working directory.</param>
    /// <param name="target">Absolute path inside the root; by default the source's own.</param>
    /// <exception cref="ArgumentException">A path is empty or holds a zero character, or the target is not an absolute path without "..".</exception>
    public static MountEntry Bind(string source, string? target = null) => Bind(source, target, readOnly: false);

    /// <summary>As <see cref="Bind(string, string?)"/>, read-only with everything mounted below it: mount_setattr(2), Linux 5.12.</summary>
    /// <inheritdoc cref="Bind(string, string?)"/>
    public static MountEntry BindReadOnly(string source, string? target = null) => Bind(source, target, readOnly: true);

    /// <summary>An empty file system in memory, nosuid and nodev; see tmpfs(5).</summary>
    /// <param name="target">Absolute path inside the root.</param>
    /// <param name="size">How many bytes it may hold at most; null for the kernel's default, half of the memory.</param>
    /// <param name="mode">Mode of its root directory, 1777 (octal) by default.</param>
    /// <exception cref="ArgumentException">The target is not an absolute path without "..".</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is not positive.</exception>
    public static MountEntry Tmpfs(string target, long? size = null, UnixFileMode? mode = null)
    {
        if (size <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, "A tmpfs holds at least one byte; null leaves the size to the kernel.");
        }

        return new(MountKind.Tmpfs, CheckTarget(target)) { Size = size ?? 0, Mode = (int)(mode ?? DefaultTmpfsMode) };
    }

    /// <summary>
    /// A fresh proc(5) of the child's PID namespace, nosuid, nodev and noexec. With <see cref="Namespaces.User"/> it needs
    /// <see cref="Namespaces.Pid"/> as well.
    /// </summary>
    /// <param name="target">Absolute path inside the root.</param>
    /// <param name="masked">
    /// Whether the parts that show or change the machine are covered, as container runtimes do: kcore, keys, timer_list, interrupts, acpi …
    /// are empty, and sys, irq, bus, fs and sysrq-trigger read-only. A masked proc forbids the program to mount one of its own.
    /// </param>
    /// <exception cref="ArgumentException">The target is not an absolute path without "..".</exception>
    public static MountEntry Proc(string target = "/proc", bool masked = true) => new(MountKind.Proc, CheckTarget(target)) { Masked = masked };

    /// <summary>
    /// A minimal /dev in a tmpfs: null, zero, full, random, urandom and tty bound from the caller's, a devpts of its own with ptmx, the links
    /// fd, stdin, stdout and stderr, and an empty shm.
    /// </summary>
    /// <param name="target">Absolute path inside the root.</param>
    /// <exception cref="ArgumentException">The target is not an absolute path without "..".</exception>
    public static MountEntry Dev(string target = "/dev") => new(MountKind.Dev, CheckTarget(target));

    /// <summary>For example <c>/usr on /usr (bind, read-only)</c>.</summary>
    public override string ToString() => Kind switch
    {
        MountKind.Bind => $"{Source} on {Target} (bind{(ReadOnly ? ", read-only" : "")})",
        MountKind.Tmpfs => $"tmpfs on {Target}",
        MountKind.Proc => $"proc on {Target}{(Masked ? " (masked)" : "")}",
        _ => $"dev on {Target}",
    };

    private static MountEntry Bind(string source, string? target, bool readOnly)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        if (source.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A zero character would cut the path short on its way through the kernel.", nameof(source));
        }

        string absolute = Path.GetFullPath(source);
        return new(MountKind.Bind, CheckTarget(target ?? absolute)) { Source = absolute, ReadOnly = readOnly };
    }

    /// <summary>The target without empty parts and dots.</summary>
    private static string CheckTarget(string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        string[] parts = target.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (target[0] != '/' || parts.Contains("..") || target.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"\"{target}\" is not an absolute path without \"..\", and a mount's target has to be.", nameof(target));
        }

        var path = new StringBuilder();
        foreach (string part in parts)
        {
            if (part != ".")
            {
                path.Append('/').Append(part);
            }
        }

        return path.Length > 0
            ? path.ToString()
            : throw new ArgumentException("A mount on / would hide everything: that is what RootDirectory is for.", nameof(target));
    }
}

internal enum MountKind
{
    Bind,
    Tmpfs,
    Proc,
    Dev,
}
