namespace NsGen;

/// <summary>
/// One line of /proc/PID/uid_map or gid_map: <paramref name="Count"/> ids that start at <paramref name="Inside"/> in the new user
/// namespace stand for those that start at <paramref name="Outside"/> in the caller's. See user_namespaces(7).
/// </summary>
/// <param name="Inside">First id inside the new namespace.</param>
/// <param name="Outside">First id in the caller's namespace.</param>
/// <param name="Count">How many ids, at least 1.</param>
public readonly record struct IdMapping(uint Inside, uint Outside, uint Count = 1)
{
    /// <summary>The line as the kernel and newuidmap(1) read it.</summary>
    public override string ToString() => FormattableString.Invariant($"{Inside} {Outside} {Count}");
}
