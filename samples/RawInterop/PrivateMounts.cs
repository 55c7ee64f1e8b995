using NsGen;
using Tmds.Linux;
using static NsGen.Namespaces;
using static Tmds.Linux.LibC;

namespace RawInterop;

/// <summary>mount(2) in a mount namespace: an empty /var/tmp that nobody else sees.</summary>
internal static unsafe partial class PrivateMounts
{
    public static string? ReadFormatRaw()
    {
        if (unshare(CLONE_NEWNS) != 0)
        {
            return null;
        }

        fixed (byte* none = "none"u8, tmp = "/var/tmp"u8, tmpfs = "tmpfs"u8)
        {
            // NSG207: where systemd has made / shared, the host's /var/tmp is hidden as well, and stays so.
            if (mount(none, tmp, tmpfs, MS_NOSUID | MS_NODEV, null) != 0)
            {
                return null;
            }
        }

        return new DriveInfo("/var/tmp").DriveFormat;
    }

    /// <summary>Propagation is private unless the caller says otherwise.</summary>
    public static string ReadFormat() => ReadFormat(new IsolationOptions { Mounts = [MountEntry.Tmpfs("/var/tmp")] });

    [Isolated(Mount, UserIfNeeded = true)]
    public static partial string ReadFormat(IsolationOptions options);

    private static string ReadFormatCore() => new DriveInfo("/var/tmp").DriveFormat;
}
