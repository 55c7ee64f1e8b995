using System.Diagnostics;
using System.Runtime.InteropServices;
using NsGen.Native;

namespace NsGen.Tests;

/// <summary>Managed bodies that are PID 1.</summary>
public sealed partial class PidOneTests
{
    [KernelTheory, AsCaller]
    public void Orphans_are_reaped(Namespaces with) => Assert.Equal("reaped", Orphans(20, usesProcess: false, new() { Namespaces = Mount | Pid | with }));

    [KernelTheory, AsCaller]
    public void Orphans_are_reaped_beside_Process(Namespaces with)
        => Assert.Equal("reaped", Orphans(20, usesProcess: true, new() { Namespaces = Mount | Pid | with }));

    [KernelTheory, AsCaller]
    public void Orphans_are_reaped_without_a_proc_of_the_namespace(Namespaces with)
        => Assert.Equal("reaped", Orphans(3, usesProcess: false, new() { Namespaces = Pid | with }));

    [KernelTheory, AsCaller]
    public void The_bodys_own_children_keep_their_exit_codes(Namespaces with)
        => Assert.Equal("ok", OwnChildren(new() { Namespaces = Mount | Pid | with }));

    /// <summary>A native library may wait for its child long after it has ended.</summary>
    [KernelTheory, AsCaller]
    public void A_child_of_native_code_is_left_to_it(Namespaces with)
        => Assert.Equal(7 << 8, LateWait(asksForSigChld: false, new() { Namespaces = Mount | Pid | with }));

    /// <summary>Why the reaper does not ask for SIGCHLD: .NET would reap the same child.</summary>
    [KernelTheory, AsCaller]
    public void With_a_handler_for_SIGCHLD_dotnet_itself_takes_a_child_of_native_code(Namespaces with)
        => Assert.Equal(-Errno.ECHILD, LateWait(asksForSigChld: true, new() { Namespaces = Mount | Pid | with }));

    [KernelTheory, AsCaller]
    public void A_body_that_throws_or_exits_still_says_so(Namespaces with)
    {
        Assert.Equal("System.FormatException", Assert.Throws<IsolatedMethodException>(() => Fail(false, new() { Namespaces = Pid | with })).RemoteType);
        Assert.Equal(9, Assert.Throws<IsolatedExitException>(() => Fail(true, new() { Namespaces = Pid | with })).Status.ExitCode);
    }

    [Isolated(Pid)]
    private static partial string Orphans(int count, bool usesProcess, IsolationOptions options);

    private static string OrphansCore(int count, bool usesProcess)
    {
        string script = $"for i in $(seq {count}); do (sleep 0.1 &) ; done";
        if (usesProcess)
        {
            using var shell = Process.Start("/bin/sh", ["-c", script]);
            shell.WaitForExit();
        }
        else
        {
            using var shell = IsolatedProcess.Start("/bin/sh", ["-c", script]);
            shell.WaitForExit();
        }

        // The same through waitid, which needs no /proc: every child of this process, whoever's it is.
        for (int i = 0; i < 300; i++)
        {
            if (!HasChildren())
            {
                return "reaped";
            }

            Thread.Sleep(20);
        }

        return "zombies are left";
    }

    [Isolated(Pid)]
    private static partial string OwnChildren(IsolationOptions options);

    private static string OwnChildrenCore()
    {
        for (int i = 0; i < 20; i++)
        {
            // From a thread that has ended by the time the child does.
            Process? process = null;
            var thread = new Thread(() => process = Process.Start("/bin/sh", ["-c", "(sleep 0.01 &); sleep 0.02; exit 5"]));
            thread.Start();
            thread.Join();
            using (process)
            {
                process!.WaitForExit();
                if (process.ExitCode != 5)
                {
                    return $"Process.ExitCode is {process.ExitCode}";
                }
            }

            using var isolated = IsolatedProcess.Start("/bin/sh", ["-c", "exit 6"]);
            if (isolated.WaitForExit() != ExitStatus.Exited(6))
            {
                return $"ExitStatus is {isolated.WaitForExit()}";
            }
        }

        return "ok";
    }

    [Isolated(Pid)]
    private static partial int LateWait(bool asksForSigChld, IsolationOptions options);

    private static unsafe int LateWaitCore(bool asksForSigChld)
    {
        using PosixSignalRegistration? registration = asksForSigChld ? PosixSignalRegistration.Create(PosixSignal.SIGCHLD, static _ => { }) : null;
        nint[] argv = [Marshal.StringToHGlobalAnsi("/bin/sh"), Marshal.StringToHGlobalAnsi("-c"), Marshal.StringToHGlobalAnsi("exit 7"), 0];
        int pid;
        fixed (nint* arguments = argv)
        {
            if (PosixSpawn(&pid, (byte*)argv[0], null, null, arguments, null) != 0)
            {
                return -1;
            }
        }

        Thread.Sleep(1000);
        int status;
        return WaitPid(pid, &status, 0) == pid ? status : -Marshal.GetLastPInvokeError();
    }

    [Isolated(Pid)]
    private static partial void Fail(bool exits, IsolationOptions options);

    private static void FailCore(bool exits)
    {
        if (exits)
        {
#pragma warning disable NSG307 // the code has to arrive from PID 1
            Environment.Exit(9);
#pragma warning restore NSG307
        }

        throw new FormatException("told");
    }

    private static unsafe bool HasChildren()
    {
        LibC.SigInfo info;
        const int noWaitNoHang = 0x1000000 | 1;
        return LibC.WaitId(0, 0, &info, LibC.WEXITED | noWaitNoHang | 0x40000000) == 0;
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static unsafe partial int PosixSpawn(int* pid, byte* path, void* actions, void* attributes, nint* arguments, nint* environment);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static unsafe partial int WaitPid(int pid, int* status, int options);
}
