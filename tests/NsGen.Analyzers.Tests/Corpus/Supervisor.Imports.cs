// Launches programs into a PID namespace, maps the ids of a child's user namespace, and waits for the children it has launched.
using Microsoft.Win32.SafeHandles;

public sealed class Supervisor : IDisposable
{
    private const int CLONE_NEWPID = 0x20000000;
    private const int CLONE_NEWUTS = 0x04000000;

    private readonly SafeFileHandle _own = File.OpenHandle("/proc/self/ns/pid");

    [Flags]
    private enum WaitOptions
    {
        None = 0,
        NoHang = 1,
    }

    public int Launch(string program)
    {
        Console.WriteLine($"supervisor {Environment.ProcessId}");
        if (Native.unshare(CLONE_NEWPID) == -1)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"pid {Environment.ProcessId}");
        }

        using System.Diagnostics.Process child = System.Diagnostics.Process.Start(program);
        using SafeFileHandle own = File.OpenHandle("/proc/self/ns/pid");
        if (Native.setns((int)own.DangerousGetHandle(), CLONE_NEWPID) == -1)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        new Thread(() => Console.WriteLine("watching")) { IsBackground = true }.Start();
        return child.Id;
    }

    public static void MapIds(int pid, uint uid, uint gid)
    {
        File.WriteAllText($"/proc/{pid}/setgroups", "deny");
        File.WriteAllText($"/proc/{pid}/uid_map", $"0 {uid} 1\n");
        File.WriteAllText($"/proc/{pid}/gid_map", $"0 {gid} 1\n");
    }

    public static int? Poll(int pid)
    {
        int result = Native.waitpid(pid, out int status, WaitOptions.NoHang);
        return result == pid ? status : null;
    }

    public static void EnterUts(int pid, string name)
    {
        Thread thread = new(() =>
        {
            using SafeFileHandle uts = File.OpenHandle($"/proc/{pid}/ns/uts");
            if (Native.setns((int)uts.DangerousGetHandle(), CLONE_NEWUTS) == -1)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }

            Console.WriteLine(name + Environment.MachineName);
        });
        thread.Start();
        thread.Join();
    }

    public async Task<int> RunAsync(string program)
    {
        int pid = await Task.Factory.StartNew(() => Launch(program), TaskCreationOptions.LongRunning);
        return pid;
    }

    public void Dispose() => _own.Dispose();

    private static class Native
    {
        [DllImport("libc", SetLastError = true)]
        public static extern int unshare(int flags);

        [DllImport("libc", SetLastError = true)]
        public static extern int setns(int fd, int nstype);

        [DllImport("libc", SetLastError = true)]
        public static extern int waitpid(int pid, out int status, WaitOptions options);
    }
}
