using System.Globalization;
using System.Runtime.InteropServices;
using NsGen.Native;

namespace NsGen.Launch;

/// <summary>
/// Writes id maps that the child may not write itself (ranges, other ids, setgroups allowed): directly with CAP_SETUID and CAP_SETGID,
/// else by newuidmap(1) and newgidmap(1), which read /etc/subuid and /etc/subgid. On a thread of its own, since the launching one is
/// suspended.
/// </summary>
internal sealed unsafe class IdMapper : IDisposable
{
    private readonly IdMapGate _gate;
    private readonly LaunchPlan _plan;
    private readonly ChildState* _state;
    private Thread? _thread;

    private IdMapper(IdMapGate gate, LaunchPlan plan, ChildScript script)
    {
        _gate = gate;
        _plan = plan;
        _state = script.State;
    }

    /// <summary>Why the child could not be mapped; it has been killed then. To be read when clone has returned.</summary>
    public Exception? Failure
    {
        get
        {
            _gate.SayNoChild();
            _thread!.Join();
            return field;
        }

        private set;
    }

    public static IdMapper Start(IdMapGate gate, LaunchPlan plan, ChildScript script)
    {
        var mapper = new IdMapper(gate, plan, script);
        mapper._thread = BackgroundThread.Start(mapper.Run, "NsGen id mapper");
        return mapper;
    }

    public void Dispose() => _ = Failure;

    private void Run()
    {
        if (!_gate.WaitForChild())
        {
            return;
        }

        // Written by the kernel before the child ran.
        int pidFd = Volatile.Read(ref _state->PidFd);
        try
        {
            string processId = ProcessIdOf(pidFd);
            if (!_plan.AllowSetGroups)
            {
                Write(LaunchStep.SetGroups, $"/proc/{processId}/setgroups", "deny"); // before gid_map, which settles it (user_namespaces(7))
            }

            if (Capabilities.Has(Capability.SetUid) && Capabilities.Has(Capability.SetGid))
            {
                WriteMap(LaunchStep.UidMap, $"/proc/{processId}/uid_map", _plan.UidMap);
                WriteMap(LaunchStep.GidMap, $"/proc/{processId}/gid_map", _plan.GidMap);
            }
            else
            {
                RunTool("newuidmap", LaunchStep.UidMap, processId, _plan.UidMap);
                RunTool("newgidmap", LaunchStep.GidMap, processId, _plan.GidMap);
            }

            _gate.SayMapped();
        }
#pragma warning disable CA1031 // It is thrown by the launching thread, which this wakes by killing the child.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failure = e;
            _ = LibC.Syscall(SyscallNumbers.PidFdSendSignal, pidFd, LibC.SIGKILL, 0, 0);
        }
    }

    /// <summary>clone has not returned yet, and in its own namespace the child is 1: the pidfd tells its number here.</summary>
    private static string ProcessIdOf(int pidFd)
        => File.ReadLines($"/proc/self/fdinfo/{pidFd}").First(static line => line.StartsWith("Pid:", StringComparison.Ordinal))[4..].Trim();

    private void WriteMap(LaunchStep step, string path, IReadOnlyList<IdMapping> map)
    {
        if (map.Count > 0)
        {
            Write(step, path, string.Concat(map.Select(static line => $"{line}\n")));
        }
    }

    /// <summary>One write(2), as the kernel demands of a map.</summary>
    private void Write(LaunchStep step, string path, string content)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(content);
        int fd = LibC.Open(path, LibC.O_WRONLY | LibC.O_CLOEXEC);
        int errno = Marshal.GetLastPInvokeError();
        if (fd >= 0)
        {
            using var file = FileDescriptor.Owned(fd);
            fixed (byte* data = bytes)
            {
                if (LibC.Write(fd, data, (nuint)bytes.Length) == bytes.Length)
                {
                    return;
                }

                errno = Marshal.GetLastPInvokeError();
            }
        }

        throw new LaunchException($"write \"{content.ReplaceLineEndings(" ").TrimEnd()}\" to {path}", errno, LaunchHints.For(step, errno, _plan));
    }

    private static void RunTool(string tool, LaunchStep step, string processId, IReadOnlyList<IdMapping> map)
    {
        if (map.Count == 0)
        {
            return;
        }

        var arguments = new List<string> { processId };
        foreach (IdMapping line in map)
        {
            arguments.AddRange(
                from number in (uint[])[line.Inside, line.Outside, line.Count] select number.ToString(CultureInfo.InvariantCulture));
        }

        var options = new IsolationOptions { StandardInput = Redirection.Null, StandardError = Redirection.Pipe };
        // On this thread: every launcher thread may be suspended, waiting for its mapper.
        using IsolatedProcess process = IsolatedProcess.StartHere(tool, arguments, options);
        string said = process.StandardError.ReadToEnd().Trim();
        ExitStatus status = process.WaitForExit();
        if (!status.IsSuccess)
        {
            throw new LaunchException(
                $"{tool} {string.Join(' ', arguments)}",
                Errno.EPERM,
                $"{tool}(1) ended with {status}: {said} The ranges this user may map stand in /etc/sub{(step == LaunchStep.UidMap ? "uid" : "gid")}.");
        }
    }
}
