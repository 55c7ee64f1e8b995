namespace NsGen.Samples.Nsenter;

/// <summary>The root and the working directory: the target's, or one that the command line names.</summary>
internal static class Places
{
    /// <summary>Sets the root.</summary>
    /// <param name="options">What is entered.</param>
    /// <param name="directory">A directory of the caller's; null for the target's root.</param>
    /// <param name="process">Gives the target.</param>
    /// <exception cref="UsageException">It cannot be had together with another mount namespace.</exception>
    public static void SetRoot(IsolationOptions options, string? directory, Func<int> process)
    {
        bool entersMounts = options.Join?.HasFlag(Namespaces.Mount) == true;
        string root = directory ?? Link(process(), "root");
        if (entersMounts && directory is not null)
        {
            throw new UsageException("--root names a directory of the caller's, and another mount namespace does not show it: run chroot(8) inside");
        }

        if (directory is null && root == "/")
        {
            return; // of its mount namespace, which is entered with the root directory in place
        }

        if (entersMounts)
        {
            throw new UsageException($"process {process()} has made {root} its root with chroot(2): leave --root out, and run chroot(8) inside");
        }

        options.Namespaces = Namespaces.Mount;
        options.RootDirectory = root;
    }

    /// <summary>Sets the working directory; after the root.</summary>
    /// <param name="options">What is entered.</param>
    /// <param name="directory">A directory of the caller's; null for the target's.</param>
    /// <param name="process">Gives the target.</param>
    /// <exception cref="UsageException">The directory does not exist inside, or two are given.</exception>
    public static void SetDirectory(IsolationOptions options, string? directory, Func<int> process)
    {
        if (options.WorkingDirectory is not null)
        {
            throw new UsageException("--wd and --wdns are mutually exclusive");
        }

        bool changesFiles = options.Join?.HasFlag(Namespaces.Mount) == true || options.RootDirectory is not null;
        if (!changesFiles)
        {
            // Inherited by the child; the caller's right to enter it counts, not that of whom it becomes.
            Directory.SetCurrentDirectory(directory ?? FormattableString.Invariant($"/proc/{process()}/cwd"));
            return;
        }

        options.WorkingDirectory = directory is null
            ? Below(options.RootDirectory ?? "/", Link(process(), "cwd"))
            : throw new UsageException("--wd names a directory of the caller's, which is not to be seen inside: --wdns names one there");
    }

    /// <summary>The target's root or working directory, as its own mount namespace has it.</summary>
    private static string Link(int process, string name)
    {
        string link = FormattableString.Invariant($"/proc/{process}/{name}");
        return new FileInfo(link).LinkTarget ?? throw new UsageException($"there is no {link}");
    }

    private static string Below(string root, string path)
    {
        string relative = Path.GetRelativePath(root, path);
        return relative.StartsWith("..", StringComparison.Ordinal)
            ? throw new UsageException($"the target's working directory {path} is not in its root {root}")
            : Path.Combine("/", relative);
    }
}
