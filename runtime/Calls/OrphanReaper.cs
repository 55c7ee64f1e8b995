using System.Globalization;
using NsGen.Native;

namespace NsGen.Calls;

/// <summary>
/// What a managed body that is PID 1 owes its namespace: the kernel hands it every process whose parent has ended, and only its waitid(2) removes
/// them when they end. .NET reaps what it does not know only once the body has used Process.
/// </summary>
/// <remarks>
/// Children that the body starts itself must be left to whoever waits for them: Process, the reactor, a native library. The kernel keeps them apart:
/// a child belongs to the *thread* that made it, an orphan goes to the first thread of PID 1, and waitid with __WNOTHREAD sees the calling thread's
/// only. So the body runs on another thread, and the first one makes no children and reaps its own. Those of a thread that has ended
/// fall to it too; whoever waits for such a child does so at once, and what nobody has claimed for a while is an orphan.
/// </remarks>
internal static unsafe class OrphanReaper
{
    private const int PAll = 0;
    private const int PPid = 1;
    private const int NoWait = 0x1000000; // WNOWAIT: look, do not reap
    private const int ThisThreads = 0x20000000; // __WNOTHREAD
    private const int OfAnyKind = 0x40000000; // __WALL

    private const int LookEvery = 500; // milliseconds
    private const int Grace = 200;

    /// <summary>Runs the body, which ends the process, and reaps meanwhile. On the first thread; does not return.</summary>
    /// <remarks>
    /// It looks twice a second. Nothing tells that a process has become an orphan, and SIGCHLD must not be asked for: as PID 1 with a handler for
    /// it (PosixSignalRegistration), .NET itself reaps every child there is, those of native code too (PidOneTests).
    /// </remarks>
    public static void RunBeside(Action body)
    {
        new Thread(() => body()) { Name = "NsGen body" }.UnsafeStart();
        var firstSeen = new Dictionary<int, long>();
        while (true)
        {
            _ = LibC.Poll(null, 0, ReapUnclaimed(firstSeen) ? Grace : LookEvery);
        }
    }

    /// <summary>Reaps what has been dead for a while.</summary>
    /// <returns>Whether there is more to come.</returns>
    private static bool ReapUnclaimed(Dictionary<int, long> firstSeen)
    {
        if (firstSeen.Count == 0 && Peek(PAll, 0) == 0)
        {
            return false;
        }

        long now = Environment.TickCount64;
        int[] dead = [.. Dead()];
        foreach (int claimed in firstSeen.Keys.Except(dead).ToArray())
        {
            firstSeen.Remove(claimed);
        }

        foreach (int id in dead)
        {
            if (firstSeen.TryAdd(id, now) || now - firstSeen[id] < Grace)
            {
                continue;
            }

            LibC.SigInfo info;
            _ = LibC.WaitId(PPid, id, &info, LibC.WEXITED | LibC.WNOHANG | ThisThreads | OfAnyKind);
            firstSeen.Remove(id);
        }

        return firstSeen.Count > 0 || Peek(PAll, 0) != 0;
    }

    /// <summary>This thread's children that have ended: all that /proc shows, or where it is another namespace's, the first.</summary>
    private static IEnumerable<int> Dead()
    {
        int first = Peek(PAll, 0);
        if (first == 0)
        {
            return [];
        }

        return ProcFile.Field("/proc/self/stat", "1 ") is null
            ? [first]
            : Directory.EnumerateDirectories("/proc")
                .Select(static path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
                .Where(static id => id > 1 && Peek(PPid, id) == id);
    }

    private static int Peek(int idType, int id)
    {
        LibC.SigInfo info = default;
        return LibC.WaitId(idType, id, &info, LibC.WEXITED | LibC.WNOHANG | NoWait | ThisThreads | OfAnyKind) == 0 ? info.Pid : 0;
    }
}
