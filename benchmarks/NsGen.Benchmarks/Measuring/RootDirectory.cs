namespace NsGen.Benchmarks;

/// <summary>A root in which /bin/true runs, for NsGen and for bwrap(1): the host's programs read-only, /tmp, /proc and /dev of its own.</summary>
internal static class RootDirectory
{
    private static readonly string[] s_shown = [.. new[] { "/usr", "/bin", "/lib", "/lib64" }.Where(Directory.Exists)];

    /// <summary>An empty directory but for mount points.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "root");

    /// <summary>For NsGen.</summary>
    public static IList<MountEntry> Mounts { get; } =
    [
        .. s_shown.Where(static path => !IsLink(path)).Select(static path => MountEntry.BindReadOnly(path)),
        MountEntry.Tmpfs("/tmp"),
        MountEntry.Proc(),
        MountEntry.Dev(),
    ];

    /// <summary>The same for bwrap(1).</summary>
    public static IEnumerable<string> BubblewrapArguments =>
    [
        "--bind", Path, "/",
        .. s_shown.Where(static path => !IsLink(path)).SelectMany(static path => (string[])["--ro-bind", path, path]),
        "--tmpfs", "/tmp",
        "--proc", "/proc",
        "--dev", "/dev",
    ];

    /// <summary>Makes it. Where /bin is a link on the host, as where /usr is merged, so it is here.</summary>
    public static void Make()
    {
        Directory.CreateDirectory(Path);
        foreach (string path in s_shown)
        {
            string here = Path + path;
            if (!IsLink(path))
            {
                Directory.CreateDirectory(here);
            }
            else if (!System.IO.Path.Exists(here))
            {
                File.CreateSymbolicLink(here, new DirectoryInfo(path).LinkTarget!);
            }
        }

        foreach (string mountPoint in new[] { "/tmp", "/proc", "/dev" })
        {
            Directory.CreateDirectory(Path + mountPoint);
        }
    }

    private static bool IsLink(string path) => new DirectoryInfo(path).LinkTarget is not null;
}
