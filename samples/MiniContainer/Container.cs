using NsGen;
using static NsGen.Namespaces;

namespace MiniContainer;

/// <summary>What makes a process a container.</summary>
internal static class Container
{
    public static IsolationOptions Options(BusyBoxRoot root, ContainerNetwork? network)
    {
        var options = new IsolationOptions
        {
            // A network of its own: a new one with loopback only, or the one that is connected already.
            Namespaces = Uts | Pid | Mount | Ipc | Cgroup | (network is null ? Net : None),
            Target = network?.Target,
            UserIfNeeded = true,
            HostName = "mini",

            // PID 1 reaps orphans and passes signals on, which no command expects to have to do.
            Init = true,

            RootDirectory = root.Path,
            ReadOnlyRoot = true,
            Mounts =
            [
                MountEntry.BindReadOnly(root.BusyBox, "/bin/busybox"),
                MountEntry.Proc(),
                MountEntry.Dev(),
                MountEntry.Tmpfs("/tmp", size: 16 << 20),
            ],

            // Root inside may do what it needs among its own files and processes, and nothing else.
            Capabilities =
            [
                Capability.Chown, Capability.DacOverride, Capability.FOwner, Capability.Kill, Capability.SetGid, Capability.SetUid,
                Capability.NetBindService, Capability.NetRaw,
            ],
            NoNewPrivileges = true,
            ResourceLimits = new Dictionary<ResourceLimit, ResourceLimitValue> { [ResourceLimit.OpenFiles] = 256, [ResourceLimit.Core] = 0 },
        };

        // Nothing of the caller's own environment.
        options.Environment.Clear();
        options.Environment["PATH"] = "/bin";
        options.Environment["HOME"] = "/tmp";
        options.Environment["TERM"] = Environment.GetEnvironmentVariable("TERM") ?? "dumb";
        options.Environment["PS1"] = "\\h:\\w\\$ ";
        return options;
    }
}
