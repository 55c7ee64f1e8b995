using Microsoft.Win32.SafeHandles;
using NsGen.Native;

namespace NsGen.Handles;

/// <summary>The links of /proc/PID/ns, in the order of ls(1).</summary>
internal static class ProcessLinks
{
    public const string PidForChildren = "pid_for_children";
    public const string TimeForChildren = "time_for_children";

    /// <summary>Their names, with the kinds; None for those that tell of future children.</summary>
    public static readonly (string Name, Namespaces Kind)[] All =
    [
        .. NamespaceNames.All.Select(static entry => (entry.Link, entry.Namespace))
            .Append((PidForChildren, Namespaces.None))
            .Append((TimeForChildren, Namespaces.None))
            .OrderBy(static link => link.Item1, StringComparer.Ordinal),
    ];

    /// <param name="directory">The directory ns of a process.</param>
    /// <param name="ids">Where they go, null for those that are not there.</param>
    /// <returns>0 where each was read or is not there (ENOENT), or the first other errno.</returns>
    public static int Read(SafeFileHandle directory, NamespaceId?[] ids)
    {
        for (int i = 0; i < All.Length; i++)
        {
            int errno = NamespaceFile.TryGetId(directory, All[i].Name, out NamespaceId id);
            if (errno is not (0 or Errno.ENOENT))
            {
                return errno;
            }

            ids[i] = errno == 0 ? id : null;
        }

        return 0;
    }
}
