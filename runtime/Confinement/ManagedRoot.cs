using NsGen.Calls;
using NsGen.Launch;

namespace NsGen.Confinement;

/// <summary>
/// A managed body runs in this very program, started once more: where the root is a new one, the program and its runtime have to be in it, at
/// the same paths.
/// </summary>
internal static class ManagedRoot
{
    /// <exception cref="ArgumentException">A file that the child would need is not visible in the root.</exception>
    public static void Check(LaunchPlan plan)
    {
        if (plan.RootDirectory is not { } root || root == "/")
        {
            return;
        }

        string? hidden = Needed().FirstOrDefault(path => path.Length > 0 && !IsVisible(plan, root, path));
        if (hidden is not null)
        {
            throw new ArgumentException(
                $"{hidden} is not visible in RootDirectory {root}, and a managed body runs in this very program, started once more. Add "
                + $"MountEntry.BindReadOnly for the program's directory, for .NET's, and for those of the libraries they load (/lib, /lib64, /usr/lib), "
                + "or run a program of the root with Exec.",
                nameof(plan));
        }

        if (!plan.Mounts.Any(static mount => mount is { Target: "/proc" }))
        {
            throw new ArgumentException(
                "A managed body is started by way of /proc/self/exe, and the new root has no /proc. Create Pid as well as Mount, or add MountEntry.Proc.",
                nameof(plan));
        }
    }

    private static IEnumerable<string> Needed()
    {
        yield return Environment.ProcessPath ?? "";
        yield return AssemblyPath.Of(typeof(object).Assembly);
        yield return AssemblyPath.Of(typeof(ManagedRoot).Assembly);
        yield return AppContext.BaseDirectory.TrimEnd('/');
    }

    /// <summary>Judged by names, as far as that goes before anything is mounted.</summary>
    private static bool IsVisible(LaunchPlan plan, string root, string path)
    {
        // The last of those that cover the path is what is seen.
        MountEntry? cover = plan.Mounts.LastOrDefault(mount => path == mount.Target || path.StartsWith(mount.Target + "/", StringComparison.Ordinal));
        return cover is null
            ? RootPath.Exists(root, path)
            : cover.Kind == MountKind.Bind && Path.Exists(cover.Source + path[cover.Target.Length..]);
    }
}
