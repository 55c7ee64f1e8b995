using System.Globalization;
using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Confinement;

/// <summary>
/// The steps that make <see cref="LaunchPlan.Mounts"/> and enter <see cref="LaunchPlan.RootDirectory"/>. They use the descriptors of the newer
/// mount calls (open_tree, fsopen, move_mount) and not the paths of mount(2): a mount point is found with openat2(RESOLVE_IN_ROOT) and
/// mounted on by descriptor, so no link that the root's owner has laid there can lead a mount out of it.
/// </summary>
/// <remarks>
/// The order: sources are opened first, while every path still means what the caller means by it. Then the root directory becomes a mount
/// of its own, which pivot_root(2) asks for and which can be made read-only; missing mount points are made before that, and before the child
/// takes another id. Then the mounts,
/// in the order given. A new proc comes before the old root goes: a user namespace may mount one only while another is in full view
/// (mount_too_revealing() in fs/namespace.c). pivot_root comes last, and the old root is detached at once.
/// </remarks>
internal sealed unsafe class MountSteps
{
    private const int AtEmptyPath = 0x1000;
    private const int AtRecursive = 0x8000;
    private const nint AtFdCwd = -100;

    // open_tree(2), move_mount(2)
    private const nint OpenTreeClone = 1;
    private const nint FromEmptyPath = 4;
    private const nint ToEmptyPath = 0x40;

    // fsopen(2), fsconfig(2), fsmount(2)
    private const nint FsCloseOnExec = 1;
    private const nint FsSetString = 1;
    private const nint FsCreate = 6;

    // mount_setattr(2)
    private const int AttrReadOnly = 1;
    private const int AttrNoSuid = 2;
    private const int AttrNoDev = 4;
    private const int AttrNoExec = 8;
    private const nint SizeOfMountAttr = 32;

    // openat2(2)
    private const int OPath = 0x200000;
    private const int ODirectory = 0x10000;
    private const int RegularFile = 0x8000; // S_IFREG
    private const ulong ResolveInRoot = 0x10;
    private const nint SizeOfOpenHow = 24;

    private const nint DetachLazily = 2; // MNT_DETACH

    private static readonly string[] s_devices = ["null", "zero", "full", "random", "urandom", "tty"];

    // What runc and podman cover as well.
    private static readonly string[] s_masked =
        ["acpi", "asound", "interrupts", "kcore", "keys", "latency_stats", "sched_debug", "scsi", "timer_list", "timer_stats"];

    private static readonly string[] s_readOnly = ["bus", "fs", "irq", "sys", "sysrq-trigger"];

    private readonly ChildScript _script;
    private readonly LaunchPlan _plan;

    /// <summary>
    /// What becomes the root, if anything does. To be read-only it becomes a copy of itself: in the mounts that the child was born with it
    /// may have files open for writing (its id maps), and the kernel refuses to make such mounts read-only (EBUSY).
    /// </summary>
    private readonly string? _newRoot;

    private readonly int _root;
    private readonly int _context;
    private readonly int _mount;

    private MountSteps(ChildScript script, LaunchPlan plan, ReservedDescriptors reserved)
    {
        _script = script;
        _plan = plan;
        _newRoot = plan.RootDirectory ?? (plan.ReadOnlyRoot ? "/" : null);
        _root = reserved.Reserve();
        _context = reserved.Reserve();
        _mount = reserved.Reserve();
    }

    public static bool AreAsked(LaunchPlan plan) => plan.RootDirectory is not null || plan.ReadOnlyRoot || plan.Mounts.Count > 0;

    /// <summary>Appends the steps, none where nothing of the kind is asked for.</summary>
    public static void Add(ChildScript script, LaunchPlan plan, ReservedDescriptors reserved)
    {
        if (AreAsked(plan))
        {
            new MountSteps(script, plan, reserved).AddAll();
        }
    }

    private void AddAll()
    {
        ChildStep*[] sources = new ChildStep*[_plan.Mounts.Count];
        for (int i = 0; i < sources.Length; i++)
        {
            sources[i] = _plan.Mounts[i].Kind == MountKind.Bind ? AddOpenTree(_plan.Mounts[i].Source!, AtRecursive) : null;
        }

        // The mode of what is made below is what is asked for; the program gets the caller's mask back.
        ChildStep* mask = _script.Add(LaunchStep.Mounts, "umask 0", SyscallNumbers.UMask);
        AddRoot();
        AddFileIds();
        for (int i = 0; i < sources.Length; i++)
        {
            AddMount(_plan.Mounts[i], sources[i]);
        }

        ChildStep* restore = _script.Add(LaunchStep.Mounts, "umask as before", SyscallNumbers.UMask);
        mask->ResultTo = &restore->A0;
        AddPivot();
    }

    private void AddRoot()
    {
        if (_newRoot is { } root)
        {
            Keep(AddOpenTree(root, AtRecursive, LaunchStep.RootDirectory), _root);
            _script.Add(
                LaunchStep.RootDirectory, $"bind {root} onto itself", SyscallNumbers.MoveMount, _root, Text(""), AtFdCwd, Text(root), FromEmptyPath);
        }
        else
        {
            Keep(
                _script.Add(LaunchStep.RootDirectory, "open /", SyscallNumbers.OpenAt, AtFdCwd, Text("/"), OPath | ODirectory | LibC.O_CLOEXEC),
                _root);
        }

        if (!_plan.ReadOnlyRoot && _plan.FileUserId is null && _plan.FileGroupId is null)
        {
            return;
        }

        for (int i = 0; i < _plan.Mounts.Count; i++)
        {
            // One below an earlier mount is made there, when that is mounted.
            if (!_plan.Mounts.Take(i).Any(earlier => _plan.Mounts[i].Target.StartsWith(earlier.Target + "/", StringComparison.Ordinal)))
            {
                AddMakeMountPoint(_plan.Mounts[i]);
            }
        }

        if (_plan.ReadOnlyRoot)
        {
            AddAttributes(_root, AttrReadOnly, AtRecursive, "make the root read-only");
        }
    }

    /// <summary>
    /// Up to here the caller's right to its files counts, and its mount points are its own. What is mounted from here on belongs to the user
    /// namespace, where files can be made by an id that is mapped there only (setfsuid(2), which knows no error).
    /// </summary>
    private void AddFileIds()
    {
        if (_plan.FileGroupId is { } group)
        {
            _script.Add(LaunchStep.Mounts, $"setfsgid {group}", SyscallNumbers.SetFsGid, (nint)group);
        }

        if (_plan.FileUserId is { } user)
        {
            _script.Add(LaunchStep.Mounts, $"setfsuid {user}", SyscallNumbers.SetFsUid, (nint)user);
        }
    }

    private void AddMount(MountEntry mount, ChildStep* source)
    {
        switch (mount.Kind)
        {
            case MountKind.Bind:
                Keep(source, _mount);
                if (mount.ReadOnly)
                {
                    AddAttributes(_mount, AttrReadOnly, AtRecursive, $"make {mount.Source} read-only");
                }

                break;
            case MountKind.Tmpfs:
                string mode = Convert.ToString(mount.Mode, 8);
                AddFileSystem(
                    "tmpfs",
                    AttrNoSuid | AttrNoDev,
                    mount.Size == 0 ? [("mode", mode)] : [("mode", mode), ("size", mount.Size.ToString(CultureInfo.InvariantCulture))]);
                break;
            case MountKind.Proc:
                AddFileSystem("proc", AttrNoSuid | AttrNoDev | AttrNoExec, [], LaunchStep.MountProc);
                break;
            case MountKind.Dev:
                AddFileSystem("tmpfs", AttrNoSuid, [("mode", "755"), ("size", "65536")]);
                break;
        }

        AddAttach(mount);
        if (mount.Kind == MountKind.Proc && mount.Masked)
        {
            AddMasks(mount.Target);
        }
        else if (mount.Kind == MountKind.Dev)
        {
            AddDevices(mount.Target);
        }
    }

    /// <summary>Covers what exists in the caller's own proc; the kernel's configuration is the same for both.</summary>
    private void AddMasks(string proc)
    {
        foreach (string name in s_readOnly)
        {
            string path = $"{proc}/{name}";
            if (Path.Exists($"/proc/{name}"))
            {
                ChildStep* find = AddFind(path);
                ChildStep* tree = _script.Add(
                    LaunchStep.Mounts,
                    $"open_tree {path}",
                    SyscallNumbers.OpenTree,
                    0,
                    Text(""),
                    OpenTreeClone | LibC.O_CLOEXEC | AtRecursive | AtEmptyPath);
                find->ResultTo = &tree->A0;
                Keep(tree, _mount);
                AddAttributes(_mount, AttrReadOnly, AtRecursive, $"make {path} read-only");
                AddMove(AddFind(path), path);
            }
        }

        foreach (string name in s_masked)
        {
            string path = $"{proc}/{name}";
            if (Directory.Exists($"/proc/{name}"))
            {
                AddFileSystem("tmpfs", AttrReadOnly | AttrNoSuid | AttrNoDev | AttrNoExec, [("mode", "555"), ("size", "4096")]);
                AddMove(AddFind(path), path);
            }
            else if (File.Exists($"/proc/{name}"))
            {
                Keep(AddOpenTree("/dev/null", 0), _mount);
                AddMove(AddFind(path), path);
            }
        }
    }

    private void AddDevices(string dev)
    {
        foreach (string name in s_devices)
        {
            string path = $"{dev}/{name}";
            AddMakeFile(AddFind(dev), name, path);
            Keep(AddOpenTree($"/dev/{name}", 0), _mount);
            AddMove(AddFind(path), path);
        }

        AddLink(dev, "fd", "/proc/self/fd");
        AddLink(dev, "stdin", "/proc/self/fd/0");
        AddLink(dev, "stdout", "/proc/self/fd/1");
        AddLink(dev, "stderr", "/proc/self/fd/2");
        AddMakeDirectory(AddFind(dev), "shm", $"{dev}/shm", 0x3FF); // 1777

        // Terminals of its own: the caller's devpts would show, and let the program open, the caller's.
        AddMakeDirectory(AddFind(dev), "pts", $"{dev}/pts", 0x1ED); // 755
        AddFileSystem("devpts", AttrNoSuid | AttrNoExec, [("mode", "600"), ("ptmxmode", "666")]);
        AddMove(AddFind($"{dev}/pts"), $"{dev}/pts");
        AddLink(dev, "ptmx", "pts/ptmx");
    }

    private void AddPivot()
    {
        if (_newRoot is not { } root)
        {
            return;
        }

        // pivot_root(2), "pivot_root(".", ".")": the old root comes to lie on top of the new one, and the working directory stays in the old.
        nint here = Text(".");
        _script.Add(LaunchStep.RootDirectory, $"enter {root}", SyscallNumbers.FChDir, _root);
        _script.Add(LaunchStep.PivotRoot, $"pivot_root {root}", SyscallNumbers.PivotRoot, here, here);
        _script.Add(LaunchStep.PivotRoot, "detach the old root", SyscallNumbers.UMount2, here, DetachLazily);
        _script.Add(LaunchStep.PivotRoot, "chdir /", SyscallNumbers.Chdir, Text("/"));
        if (_plan.RootDirectory is null)
        {
            // The caller's own root, copied: the working directory stays, unless a mount hides it.
            string directory = Directory.GetCurrentDirectory();
            _script.Add(LaunchStep.PivotRoot, $"chdir {directory}", SyscallNumbers.Chdir, Text(directory))->Limit = nuint.MaxValue;
        }
    }

    /// <summary>A copy of a mount, or of the part below a path, that is not attached anywhere yet.</summary>
    private ChildStep* AddOpenTree(string path, int flags, LaunchStep step = LaunchStep.MountSource)
        => _script.Add(
            step, $"open_tree {path}", SyscallNumbers.OpenTree, AtFdCwd, Text(path), OpenTreeClone | LibC.O_CLOEXEC | flags);

    /// <summary>Leaves a new file system, mounted but not attached, in the mount's descriptor.</summary>
    private void AddFileSystem(string type, int attributes, (string Key, string Value)[] settings, LaunchStep step = LaunchStep.Mounts)
    {
        Keep(_script.Add(step, $"fsopen {type}", SyscallNumbers.FsOpen, Text(type), FsCloseOnExec), _context);
        foreach ((string key, string value) in settings)
        {
            _script.Add(step, $"set {key}={value} for {type}", SyscallNumbers.FsConfig, _context, FsSetString, Text(key), Text(value));
        }

        _script.Add(step, $"create {type}", SyscallNumbers.FsConfig, _context, FsCreate);
        Keep(_script.Add(step, $"fsmount {type}", SyscallNumbers.FsMount, _context, FsCloseOnExec, attributes), _mount);
    }

    private void AddAttach(MountEntry mount)
    {
        AddMakeMountPoint(mount);
        AddMove(AddFind(mount.Target), mount.Target);
    }

    /// <summary>Attaches the mount's descriptor to a place that <paramref name="find"/> has opened.</summary>
    private void AddMove(ChildStep* find, string path)
    {
        ChildStep* move = _script.Add(
            LaunchStep.Mounts, $"mount on {path}", SyscallNumbers.MoveMount, _mount, Text(""), 0, Text(""), FromEmptyPath | ToEmptyPath);
        find->ResultTo = &move->A2;
    }

    /// <summary>
    /// Makes what is missing of a mount point. That it exists is no failure, nor that it cannot be made: opening it, right afterwards, tells.
    /// Each part is made in the directory that the parts before it have led to inside the root, and mkdirat follows no link itself.
    /// </summary>
    private void AddMakeMountPoint(MountEntry mount)
    {
        if (_plan.RootDirectory is null && !IsBelowTmpfs(mount))
        {
            return; // among the machine's own directories nothing is made
        }

        string[] parts = mount.Target.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string path = "";
        for (int i = 0; i < parts.Length; i++)
        {
            ChildStep* parent = AddFind(path.Length == 0 ? "/" : path, ODirectory);
            path = $"{path}/{parts[i]}";
            if (i == parts.Length - 1 && mount.Kind == MountKind.Bind && !Directory.Exists(mount.Source))
            {
                AddMakeFile(parent, parts[i], path);
            }
            else
            {
                AddMakeDirectory(parent, parts[i], path, 0x1ED); // 755
            }
        }
    }

    private bool IsBelowTmpfs(MountEntry mount)
        => _plan.Mounts.TakeWhile(other => other != mount)
            .Any(other => other.Kind == MountKind.Tmpfs && mount.Target.StartsWith(other.Target + "/", StringComparison.Ordinal));

    private void AddMakeDirectory(ChildStep* parent, string name, string path, int mode)
    {
        ChildStep* make = _script.Add(LaunchStep.MountPoint, $"mkdir {path}", SyscallNumbers.MkDirAt, 0, Text(name), mode);
        make->Limit = nuint.MaxValue;
        parent->ResultTo = &make->A0;
    }

    /// <summary>By mknodat, since a file left open for writing would keep the root from becoming read-only (EBUSY).</summary>
    private void AddMakeFile(ChildStep* parent, string name, string path)
    {
        ChildStep* make = _script.Add(LaunchStep.MountPoint, $"make {path}", SyscallNumbers.MkNodAt, 0, Text(name), RegularFile | 0x1A4); // 644
        make->Limit = nuint.MaxValue;
        parent->ResultTo = &make->A0;
    }

    private void AddLink(string directory, string name, string target)
    {
        ChildStep* parent = AddFind(directory);
        ChildStep* link = _script.Add(LaunchStep.Mounts, $"symlink {directory}/{name}", SyscallNumbers.SymLinkAt, Text(target), 0, Text(name));
        parent->ResultTo = &link->A1;
    }

    /// <summary>Opens a path of the root, wherever its links may point; its result has to be directed.</summary>
    private ChildStep* AddFind(string path, int flags = 0)
    {
        var how = (ulong*)_script.Allocate((nuint)SizeOfOpenHow); // struct open_how: flags, mode, resolve
        how[0] = (ulong)(OPath | LibC.O_CLOEXEC | flags);
        how[2] = ResolveInRoot;
        return _script.AddOpenInRoot(LaunchStep.MountPoint, $"find {path} in the root", _root, Text(path), (nint)how);
    }

    private void AddAttributes(int descriptor, ulong set, int flags, string name)
    {
        var attributes = (ulong*)_script.Allocate((nuint)SizeOfMountAttr); // struct mount_attr: attr_set, attr_clr, propagation, userns_fd
        attributes[0] = set;
        _script.Add(
            LaunchStep.MountAttributes, name, SyscallNumbers.MountSetAttr, descriptor, Text(""), AtEmptyPath | flags, (nint)attributes, SizeOfMountAttr);
    }

    /// <summary>Moves a step's descriptor to a number that further steps know.</summary>
    private void Keep(ChildStep* made, int number)
    {
        ChildStep* keep = _script.Add(LaunchStep.Mounts, "dup3", SyscallNumbers.Dup3, 0, number, LibC.O_CLOEXEC);
        made->ResultTo = &keep->A0;
    }

    private nint Text(string text) => _script.Utf8(text);
}
