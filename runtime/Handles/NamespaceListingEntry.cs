namespace NsGen;

/// <summary>One namespace of a <see cref="NamespaceListing"/>.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Id">Device and inode.</param>
/// <param name="Processes">
/// How many processes are in it, of those the caller may look at. Zombies count for their PID and user namespaces, which they keep.
/// </param>
/// <param name="FirstProcessId">The lowest id of these processes.</param>
/// <param name="Command">
/// The command line of that process, its arguments separated by blanks, at most 4096 bytes; its name in brackets where it has none, as
/// kernel threads and, for a moment, processes in execve(2). It is what the process says of itself, and may have control characters.
/// </param>
/// <param name="OwnerUid">
/// The user who owns the namespace: a user namespace's owner, or that of the user namespace which owns it (ioctl_ns(2)). Null where that is
/// outside the caller's own user namespace. lsns(8) shows the user of the first process instead.
/// </param>
public sealed record NamespaceListingEntry(
    Namespaces Type, NamespaceId Id, int Processes, int FirstProcessId, string Command, uint? OwnerUid);
