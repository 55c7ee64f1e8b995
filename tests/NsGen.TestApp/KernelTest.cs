using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Launch;
using NsGen.Native;

namespace NsGen.TestApp;

/// <summary>Asks the running kernel what the code and its documentation claim. Some of it leaves the process in a strange state.</summary>
internal static unsafe class KernelTest
{
    private const int WaitAll = 0x40000000; // __WALL: children whose exit signal is not SIGCHLD as well
    private const int WaitForPid = 1; // P_PID

    private static readonly ulong[] s_flags =
    [
        CloneFlagRules.Fs, CloneFlagRules.NewNs, CloneFlagRules.NewUser, CloneFlagRules.Thread, CloneFlagRules.SigHand, CloneFlagRules.Vm,
        CloneFlagRules.NewPid, CloneFlagRules.PidFd, CloneFlagRules.Detached, CloneFlagRules.ParentSetTid, CloneFlagRules.NewIpc,
        CloneFlagRules.SysVSem, CloneFlagRules.Files, CloneFlagRules.NewUts,
    ];

    /// <summary>clone(2) with each of the 2^14 combinations, compared with the table.</summary>
    /// <param name="forget">A rule to leave out of the table, so that the comparison has to fail; -1 for none.</param>
    public static int CloneFlags(int forget)
    {
        CloneFlagRules.Rule[] rules = [.. CloneFlagRules.Clone.Where((_, index) => index != forget)];
        using var stack = new ChildStack(ChildStack.DefaultSize);
        int refused = 0;
        int wrong = 0;
        for (int bits = 0; bits < 1 << s_flags.Length; bits++)
        {
            ulong flags = 0;
            for (int i = 0; i < s_flags.Length; i++)
            {
                flags |= (bits & (1 << i)) != 0 ? s_flags[i] : 0;
            }

            bool expected = rules.Any(rule => rule.Refuses(flags));
            if (forget < 0 && expected != CloneFlagRules.TryFindRefusal(flags, out _))
            {
                Console.WriteLine($"0x{flags:x}: TryFindRefusal differs from the table");
                wrong++;
            }

            int errno = Clone(flags, stack);
            bool actual = errno == Errno.EINVAL;
            refused += actual ? 1 : 0;
            if (actual != expected)
            {
                wrong++;
                if (wrong <= 5)
                {
                    Console.WriteLine($"0x{flags:x}: the table says {(expected ? "EINVAL" : "allowed")}, the kernel {(errno == 0 ? "allows it" : Errno.NameOf(errno))}");
                }
            }
        }

        Console.WriteLine($"{1 << s_flags.Length} combinations, {refused} refused, {wrong} wrong");
        return 0;
    }

    /// <summary>The facts of docs/design.md that a process can find out about itself, one a line.</summary>
    public static int Facts()
    {
        using var other = IsolatedProcess.Start("/bin/sleep", ["1000"], new() { Namespaces = All, StandardOutput = Redirection.Null });
        int inside = other.Id;
        Say("clone(NEWTIME|SIGCHLD)", CloneNewTime());
        Say("clone with no stack", NoStack());
        Say("unshare(NEWUSER)", Call(SyscallNumbers.Unshare, (nint)CloneFlagRules.NewUser));
        Say("setns(user)", SetNs(inside, "user", CloneFlagRules.NewUser));
        Say("setns(time)", SetNs(inside, "time", CloneFlagRules.NewTime));
        Say("setns(mnt)", SetNs(inside, "mnt", CloneFlagRules.NewNs));
        OnThread(() =>
        {
            Say("unshare(FS)", Call(SyscallNumbers.Unshare, (nint)CloneFlagRules.Fs));
            Say("setns(mnt) after unshare(FS)", SetNs(inside, "mnt", CloneFlagRules.NewNs));
        });
        OnThread(() =>
        {
            foreach ((string link, ulong flag) in ((string, ulong)[])[("uts", CloneFlagRules.NewUts), ("ipc", CloneFlagRules.NewIpc), ("net", CloneFlagRules.NewNet), ("cgroup", CloneFlagRules.NewCgroup)])
            {
                Say($"setns({link})", SetNs(inside, link, flag));
            }
        });
        OnThread(() =>
        {
            string before = Link("/proc/thread-self/ns/pid");
            Say("unshare(NEWPID)", Call(SyscallNumbers.Unshare, (nint)CloneFlagRules.NewPid));
            Say("unshare(NEWPID) moves the caller", Link("/proc/thread-self/ns/pid") != before ? "yes" : "no");
        });
        other.Kill();
        return 0;
    }

    /// <summary>Whether a change of user in a child that shares our memory leaves it dumpable; here nobody puts it back.</summary>
    public static int Dumpable()
    {
        using var script = new ChildScript();
        using var stack = new ChildStack(ChildStack.DefaultSize);
        script.Add(LaunchStep.Credentials, "setresuid", SyscallNumbers.SetResUid, 12345, 12345, 12345);
        int before = LibC.Prctl(LibC.PR_GET_DUMPABLE);
        Reap(Cloner.Clone(CloneFlagRules.Vm | CloneFlagRules.Vfork | LibC.SIGCHLD, script, stack, out _));
        Console.WriteLine($"dumpable {before}, then {LibC.Prctl(LibC.PR_GET_DUMPABLE)}");
        return 0;
    }

    /// <summary>Clones a child that does nothing but end.</summary>
    private static int Clone(ulong flags, ChildStack stack)
    {
        using var script = new ChildScript();
        bool isThread = (flags & CloneFlagRules.Thread) != 0;
        script.State->ExitNumber = isThread ? SyscallNumbers.Exit : SyscallNumbers.ExitGroup;
        int id = Cloner.Clone(flags | CloneFlagRules.Vfork | LibC.SIGCHLD, script, stack, out int errno);
        if (id > 0 && (flags & CloneFlagRules.PidFd) != 0)
        {
            _ = LibC.Close(script.State->PidFd);
        }

        if (id > 0 && !isThread)
        {
            Reap(id);
        }

        return errno;
    }

    /// <summary>0x80 is part of the exit signal, so that this makes an ordinary child.</summary>
    private static string CloneNewTime()
    {
        using var script = new ChildScript();
        using var stack = new ChildStack(ChildStack.DefaultSize);
        (SafeFileHandle read, SafeFileHandle write) = FileDescriptor.Pipe();
        byte* buffer = script.Allocate(1);
        script.Add(LaunchStep.Prepare, "read", SyscallNumbers.Read, read.Number(), (nint)buffer, 1);

        // A copy of this process that waits in read(2); it shares no memory, so nobody has to be suspended meanwhile.
        int child = Cloner.Clone(CloneFlagRules.NewTime | LibC.SIGCHLD, script, stack, out int errno);
        if (child < 0)
        {
            return Errno.NameOf(errno);
        }

        bool same = Link($"/proc/{child}/ns/time") == Link("/proc/self/ns/time");
        _ = RandomWrite(write);
        Reap(child);
        read.Dispose();
        write.Dispose();
        return same ? "succeeds, same time namespace" : "another time namespace";
    }

    private static nint RandomWrite(SafeFileHandle pipe)
    {
        byte one = 1;
        return LibC.Write(pipe.Number(), &one, 1);
    }

    private static string NoStack()
    {
        int result = LibC.Clone((void*)1, null, LibC.SIGCHLD, null, null, null, null);
        return result < 0 ? Errno.NameOf(Marshal.GetLastPInvokeError()) : "succeeds";
    }

    private static string SetNs(int process, string link, ulong type)
    {
        using SafeFileHandle handle = FileDescriptor.Owned(LibC.Open($"/proc/{process}/ns/{link}", LibC.O_CLOEXEC));
        return handle.IsInvalid ? $"open: {Errno.NameOf(Marshal.GetLastPInvokeError())}" : Call(SyscallNumbers.SetNs, handle.Number(), (nint)type);
    }

    private static string Call(nint number, nint a0, nint a1 = 0)
        => LibC.Syscall(number, a0, a1) == 0 ? "ok" : Errno.NameOf(Marshal.GetLastPInvokeError());

    private static string Link(string path) => new FileInfo(path).LinkTarget ?? "";

    private static void Reap(int child)
    {
        LibC.SigInfo info;
        while (LibC.WaitId(WaitForPid, child, &info, LibC.WEXITED | WaitAll) != 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
        {
        }
    }

    private static void Say(string fact, string result) => Console.WriteLine($"{fact}: {result}");

    /// <summary>On a thread that is not used again: its namespaces may be others afterwards.</summary>
    private static void OnThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }
}
