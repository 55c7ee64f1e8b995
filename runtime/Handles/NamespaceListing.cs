using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;
using NsGen.Handles;
using NsGen.Native;

namespace NsGen;

/// <summary>All namespaces that the processes of /proc are in, as lsns(8) lists them.</summary>
/// <remarks>
/// Namespaces that only an open descriptor, a pin or a thread other than a process's first holds are not found, as they have no
/// process. Namespaces whose processes the caller may not look at are not found either: <see cref="UnreadableProcesses"/> counts those.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class NamespaceListing
{
    private const int LongestCommand = 4096;

    private NamespaceListing(IReadOnlyList<NamespaceListingEntry> entries, int processes, int unreadable)
    {
        Entries = entries;
        Processes = processes;
        UnreadableProcesses = unreadable;
    }

    /// <summary>The namespaces, by kind (as <c>ls /proc/PID/ns</c> sorts them) and inode.</summary>
    public IReadOnlyList<NamespaceListingEntry> Entries { get; }

    /// <summary>How many processes were looked at. Those that ended meanwhile are not counted.</summary>
    public int Processes { get; }

    /// <summary>
    /// How many processes the caller may not look at, so that namespaces or members may be missing: it lacks CAP_SYS_PTRACE, see ptrace(2).
    /// </summary>
    public int UnreadableProcesses { get; }

    /// <summary>Reads /proc.</summary>
    /// <param name="kinds">Which kinds to list; all by default.</param>
    /// <exception cref="ArgumentException"><paramref name="kinds"/> has none, or an unknown one.</exception>
    /// <exception cref="NamespaceCallException">/proc is not mounted.</exception>
    public static NamespaceListing Read(Namespaces kinds = Namespaces.All)
    {
        if (kinds == Namespaces.None || (kinds & ~Namespaces.All) != 0)
        {
            throw new ArgumentException($"Name one or several kinds of namespace; this is {kinds}.", nameof(kinds));
        }

        if (!File.Exists("/proc/self/stat"))
        {
            throw new NamespaceCallException("list /proc", Errno.ENOENT, HandleHints.ForProcess(null, null, Errno.ENOENT));
        }

        var found = new Dictionary<NamespaceId, Found>();
        int processes = 0;
        int unreadable = 0;
        var ids = new NamespaceId?[ProcessLinks.All.Length];
        foreach (int processId in ProcessIds())
        {
            using SafeFileHandle? process = NamespaceFile.TryOpenDirectory(
                string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}"), out int errno);
            using SafeFileHandle? links = process is null ? null : NamespaceFile.TryOpenDirectory(process, "ns", out errno);
            if (links is not null)
            {
                errno = ProcessLinks.Read(links, ids);
            }

            switch (errno)
            {
                case 0:
                    processes++;
                    Add(found, process!, links!, processId, ids, kinds);
                    break;
                case Errno.ENOENT or Errno.ESRCH:
                    break; // ended since /proc was listed
                default:
                    unreadable++;
                    break;
            }
        }

        return new NamespaceListing(
            [.. from entry in found.Values orderby entry.Link, entry.Inode select entry.ToEntry()], processes, unreadable);
    }

    /// <summary>A table as lsns(8) prints it, and a line about the processes that could not be looked at.</summary>
    /// <remarks>
    /// Control characters in commands are written as <c>\x1b</c>: a process chooses its own command line, and a terminal would obey it.
    /// </remarks>
    public override string ToString()
    {
        var table = new StringBuilder();
        table.Append(CultureInfo.InvariantCulture, $"{"NS",10} {"TYPE",-6} {"NPROCS",6} {"PID",7} {"OWNER",10} COMMAND");
        foreach (NamespaceListingEntry entry in Entries)
        {
            string owner = entry.OwnerUid?.ToString(CultureInfo.InvariantCulture) ?? "-";
            table.Append(
                CultureInfo.InvariantCulture,
                $"\n{entry.Id.Inode,10} {NamespaceNames.TryGetLink(entry.Type),-6} {entry.Processes,6} {entry.FirstProcessId,7} "
                    + $"{owner,10} {Printable(entry.Command)}");
        }

        if (UnreadableProcesses > 0)
        {
            table.Append(
                CultureInfo.InvariantCulture,
                $"\n{UnreadableProcesses} of {UnreadableProcesses + Processes} processes may not be looked at (CAP_SYS_PTRACE): their "
                    + $"namespaces are missing here, or count too few.");
        }

        return table.ToString();
    }

    private static IEnumerable<int> ProcessIds()
        => from directory in Directory.EnumerateDirectories("/proc")
           let name = Path.GetFileName(directory)
           where char.IsAsciiDigit(name[0])
           let id = int.Parse(name, CultureInfo.InvariantCulture)
           orderby id
           select id;

    private static void Add(
        Dictionary<NamespaceId, Found> found,
        SafeFileHandle process,
        SafeFileHandle links,
        int processId,
        NamespaceId?[] ids,
        Namespaces kinds)
    {
        string? command = null;
        for (int i = 0; i < ids.Length; i++)
        {
            (string link, Namespaces kind) = ProcessLinks.All[i];
            if (ids[i] is not { } id || (kinds & kind) == 0)
            {
                continue;
            }

            if (!found.TryGetValue(id, out Found? entry))
            {
                entry = new Found(kind, link, id, processId, command ??= Command(process));
                found.Add(id, entry);
            }

            entry.Processes++;
            if (!entry.OwnerKnown)
            {
                // Asked again of the next process where this one ends before it can be opened.
                (entry.OwnerKnown, entry.OwnerUid) = Owner(links, link, id);
            }
        }
    }

    /// <summary>The owner of the namespace, or of the user namespace that owns it.</summary>
    private static (bool Known, uint? Uid) Owner(SafeFileHandle links, string link, NamespaceId id)
    {
        int fd = LibC.OpenAt(links, link, LibC.O_CLOEXEC);
        if (fd < 0)
        {
            return (false, null);
        }

        try
        {
            using NamespaceHandle opened = NamespaceHandle.Adopt(fd, "open", link);
            if (opened.Id != id)
            {
                return (false, null); // moved meanwhile
            }

            if (opened.Type == Namespaces.User)
            {
                return (true, opened.OwnerUid);
            }

            using NamespaceHandle? owner = opened.GetOwningUser();
            return (true, owner?.OwnerUid);
        }
        catch (NamespaceException)
        {
            return (false, null); // EMFILE: the next process, perhaps
        }
    }

    /// <summary>The arguments, or the name in brackets where there are none: kernel threads, and processes that have ended.</summary>
    private static string Command(SafeFileHandle process)
    {
        string arguments = Encoding.UTF8.GetString(NamespaceFile.ReadStart(process, "cmdline", LongestCommand))
            .TrimEnd('\0')
            .Replace('\0', ' ');
        return arguments.Length > 0
            ? arguments
            : $"[{Encoding.UTF8.GetString(NamespaceFile.ReadStart(process, "comm", LongestCommand)).TrimEnd('\n')}]";
    }

    private static string Printable(string command)
        => command.Any(char.IsControl)
            ? string.Concat(command.Select(static c => char.IsControl(c) ? FormattableString.Invariant($"\\x{(int)c:x2}") : c.ToString()))
            : command;

    private sealed class Found(Namespaces kind, string link, NamespaceId id, int firstProcessId, string command)
    {
        public string Link { get; } = link;

        public ulong Inode => id.Inode;

        public int Processes { get; set; }

        public bool OwnerKnown { get; set; }

        public uint? OwnerUid { get; set; }

        public NamespaceListingEntry ToEntry() => new(kind, id, Processes, firstProcessId, command, OwnerUid);
    }
}
