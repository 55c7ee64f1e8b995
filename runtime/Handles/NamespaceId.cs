namespace NsGen;

/// <summary>
/// What tells one namespace from all others: the device and inode of its file, as stat(2) shows them for /proc/PID/ns/*. Two processes
/// are in the same namespace when both are equal (namespaces(7)).
/// </summary>
/// <remarks>
/// The kernel may give the inode of a namespace that has ended to a new one: hold a <see cref="NamespaceHandle"/> while you compare.
/// </remarks>
/// <param name="Device">Device of the kernel's file system of namespaces, as in st_dev.</param>
/// <param name="Inode">Inode, the number in <c>uts:[4026531838]</c>.</param>
public readonly record struct NamespaceId(ulong Device, ulong Inode)
{
    /// <summary>The inode as the kernel writes it, such as <c>[4026531838]</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"[{Inode}]");
}
