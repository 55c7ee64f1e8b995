using System.Runtime.InteropServices;
using System.Text;
using NsGen.Native;

namespace NsGen.Launch;

/// <summary>
/// A flat list of system calls, and everything they point to, laid out in unmanaged memory by the parent before the clone.
/// <see cref="ChildInterpreter"/> runs it.
/// </summary>
internal sealed unsafe class ChildScript : IDisposable
{
    /// <summary>A result that is not negative.</summary>
    public static readonly nuint Success = (nuint)nint.MaxValue;

    /// <summary>Enough for everything but mounts, which take dozens each.</summary>
    public const int UsualSteps = 512;

    /// <summary>Enough for as many mounts as are allowed, but at very long paths.</summary>
    public const int MostSteps = 4096;

    private const nuint SharedSize = 64 << 20;

    private static readonly delegate* managed<nint, nint, nint, nint, nint, nint, nint, nint> s_syscall =
        (delegate* managed<nint, nint, nint, nint, nint, nint, nint, nint>)LibCExport("syscall");

    // musl and glibc agree on the name.
    private static readonly delegate* managed<int*> s_errnoLocation = (delegate* managed<int*>)LibCExport("__errno_location");

    private static readonly delegate* managed<nint, nint, nint, nint, nint, nint, nint, nint> s_clone =
        (delegate* managed<nint, nint, nint, nint, nint, nint, nint, nint>)LibCExport("clone");

    private readonly List<nint> _allocations = [];
    private readonly List<SafeHandle> _held = [];
    private readonly bool _shared;
    private readonly int _maxSteps;
    private readonly List<(LaunchStep Step, string Name)> _names = new(16);
    private readonly ChildStep* _steps;
    private byte* _sharedMapping;
    private nuint _sharedUsed;

    /// <param name="shared">
    /// For a child without CLONE_VM, which has a copy of the parent's memory: the script then lies in memory that both see.
    /// </param>
    /// <param name="maxSteps">How many steps there may be.</param>
    public ChildScript(bool shared = false, int maxSteps = UsualSteps)
    {
        _shared = shared;
        _maxSteps = maxSteps;
        State = (ChildState*)Allocate((nuint)sizeof(ChildState));
        *State = default;
        _steps = AllocateSteps();
        State->Syscall = s_syscall;
        State->ErrnoLocation = s_errnoLocation;
        State->Current = _steps;
        State->End = _steps;
        State->ExitNumber = SyscallNumbers.ExitGroup;
        State->PidFd = -1;
    }

    public ChildState* State { get; }

    /// <summary>The step that failed, with its error; only after the child has come to its end or its execve.</summary>
    public (LaunchStep Step, string Name, int Errno)? Failure
    {
        get
        {
            if (State->Failed == 0)
            {
                return null;
            }

            (LaunchStep step, string name) = _names[(int)(State->Current - _steps)];
            return (step, name, State->Errno);
        }
    }

    /// <summary>What a step is for, and its name.</summary>
    public (LaunchStep Step, string Name) Describe(ChildStep* step) => _names[(int)(step - _steps)];

    /// <summary>
    /// Whether no step opens, duplicates or closes a descriptor but close_range, which takes a table of its own first. Then the child may
    /// share the parent's until then, and none of it is copied or closed: with 10,000 open sockets that is two milliseconds a launch.
    /// </summary>
    public bool MayShareDescriptors { get; private set; } = true;

    /// <summary>The steps' names in order, for tests.</summary>
    public IEnumerable<string> StepNames => _names.Select(static n => n.Name);

    /// <summary>The steps' system calls in order, for tests.</summary>
    public IEnumerable<nint> StepNumbers => Enumerable.Range(0, _names.Count).Select(i => _steps[i].Number);

    /// <summary>Appends a system call.</summary>
    /// <returns>The step, so that the caller may direct its result.</returns>
    public ChildStep* Add(LaunchStep step, string name, nint number, nint a0 = 0, nint a1 = 0, nint a2 = 0, nint a3 = 0, nint a4 = 0, nint a5 = 0)
    {
        if (_names.Count == _maxSteps)
        {
            throw new InvalidOperationException($"The child would have to make more than {_maxSteps} system calls: give fewer mounts, or shorter paths.");
        }

        ChildStep* added = _steps + _names.Count;
        *added = new ChildStep
        {
            Function = s_syscall,
            Number = number,
            A0 = a0,
            A1 = a1,
            A2 = a2,
            A3 = a3,
            A4 = a4,
            A5 = a5,
            Limit = Success,
            ResultTo = &State->Ignored,
        };
        _names.Add((step, name));
        State->End = added + 1;
        MayShareDescriptors &= LeavesDescriptorsAlone(number);
        return added;
    }

    /// <summary>
    /// Appends a clone: the child that runs this script gives birth to one that runs <paramref name="inner"/>, and is suspended until that has
    /// executed its program.
    /// </summary>
    public void AddClone(string name, ulong flags, ChildScript inner, ChildStack stack)
    {
        ChildStep* step = Add(
            LaunchStep.Clone,
            name,
            (nint)(delegate* managed<void*, int>)&ChildInterpreter.Run,
            (nint)stack.Top,
            (nint)flags,
            (nint)inner.State,
            (nint)(&inner.State->PidFd));
        step->Function = s_clone;
    }

    /// <summary>Appends a step that is a loop: what it does depends on what the child finds.</summary>
    public void AddResetHandlers(string name, nint byDefault, nint current)
    {
        ChildStep* step = Add(LaunchStep.Signals, name, SyscallNumbers.RtSigAction, (nint)s_syscall, byDefault, current);
        step->Function = &ChildInterpreter.ResetHandlers;
    }

    /// <summary>Appends an openat2(2) that is asked again where the kernel says EAGAIN.</summary>
    public ChildStep* AddOpenInRoot(LaunchStep step, string name, int directory, nint path, nint how)
    {
        ChildStep* open = Add(step, name, SyscallNumbers.OpenAt2, (nint)s_syscall, (nint)s_errnoLocation, directory, path, how);
        open->Function = &ChildInterpreter.OpenInRoot;
        return open;
    }

    /// <summary>Appends a setns(2). The descriptor stays open until the script is disposed of, whoever disposes of its handle.</summary>
    /// <param name="target">What messages call it.</param>
    /// <param name="handle">A pidfd, or a namespace's file.</param>
    /// <param name="kinds">What it is, or what of it is joined.</param>
    /// <exception cref="ObjectDisposedException">The handle is closed already.</exception>
    public void AddJoin(string target, SafeHandle handle, Namespaces kinds)
    {
        bool added = false;
        handle.DangerousAddRef(ref added);
        _held.Add(handle);
        string flags = string.Join('|', NamespaceNames.CloneFlags(kinds));
        Add(LaunchStep.Join, $"setns({target}, {flags})", SyscallNumbers.SetNs, handle.DangerousGetHandle(), (nint)(uint)kinds);
    }

    /// <summary>Appends an open and a single write; the file is left to close_range or close-on-exec.</summary>
    public void AddWriteFile(LaunchStep step, string path, string content)
    {
        int length = Encoding.UTF8.GetByteCount(content);
        ChildStep* open = Add(
            step, $"open {path}", SyscallNumbers.OpenAt, AtFdCwd, Utf8(path), LibC.O_WRONLY | LibC.O_CLOEXEC);
        ChildStep* write = Add(
            step, $"write \"{content.ReplaceLineEndings(" ").TrimEnd()}\" to {path}", SyscallNumbers.Write, 0, Utf8(content), length);
        open->ResultTo = &write->A0;
    }

    /// <summary>Copies a string, zero-terminated.</summary>
    public nint Utf8(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        byte* copy = Allocate((nuint)length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(copy, length));
        copy[length] = 0;
        return (nint)copy;
    }

    /// <summary>Copies strings as argv and envp are laid out: a null-terminated array of pointers.</summary>
    public nint Utf8Array(IReadOnlyCollection<string> texts)
    {
        int bytes = texts.Sum(static t => Encoding.UTF8.GetByteCount(t) + 1);
        nint* pointers = (nint*)Allocate((nuint)((texts.Count + 1) * sizeof(nint) + bytes));
        byte* next = (byte*)(pointers + texts.Count + 1);
        int index = 0;
        foreach (string text in texts)
        {
            pointers[index++] = (nint)next;
            next += Encoding.UTF8.GetBytes(text, new Span<byte>(next, bytes));
            *next++ = 0;
        }

        pointers[index] = 0;
        return (nint)pointers;
    }

    /// <summary>Copies an environment, laid out as <see cref="Utf8Array"/> does.</summary>
    public nint Environment(EnvironmentBlock block)
    {
        int count = block.Starts.Length;
        nint* pointers = (nint*)Allocate((nuint)(((count + 1) * sizeof(nint)) + block.Text.Length));
        byte* text = (byte*)(pointers + count + 1);
        block.Text.CopyTo(new Span<byte>(text, block.Text.Length));
        for (int i = 0; i < count; i++)
        {
            pointers[i] = (nint)(text + block.Starts[i]);
        }

        pointers[count] = 0;
        return (nint)pointers;
    }

    /// <summary>Unmanaged memory that lives as long as the script.</summary>
    public byte* Allocate(nuint size)
    {
        if (_shared)
        {
            return AllocateShared(size);
        }

        var allocation = (byte*)NativeMemory.AllocZeroed(size);
        _allocations.Add((nint)allocation);
        return allocation;
    }

    public void Dispose()
    {
        _held.ForEach(static handle => handle.DangerousRelease());
        _held.Clear();
        foreach (nint allocation in _allocations)
        {
            NativeMemory.Free((void*)allocation);
        }

        _allocations.Clear();
        if (_sharedMapping is not null)
        {
            _ = LibC.Munmap(_sharedMapping, SharedSize);
            _sharedMapping = null;
        }
    }

    /// <summary>Not zeroed, as each step is written in whole when it is added. Never shared: the parent reads none of it.</summary>
    private ChildStep* AllocateSteps()
    {
        var steps = (ChildStep*)NativeMemory.Alloc((nuint)_maxSteps, (nuint)sizeof(ChildStep));
        _allocations.Add((nint)steps);
        return steps;
    }

    /// <summary>Takes from one shared mapping, whose pages cost nothing until they are touched.</summary>
    private byte* AllocateShared(nuint size)
    {
        if (_sharedMapping is null)
        {
            void* mapping = LibC.Mmap(
                null, SharedSize, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED | LibC.MAP_ANONYMOUS | LibC.MAP_NORESERVE, -1, 0);
            if (mapping == (void*)-1)
            {
                throw new LaunchException("mmap memory for the child", Marshal.GetLastPInvokeError(), hint: null);
            }

            _sharedMapping = (byte*)mapping;
        }

        nuint start = _sharedUsed;
        _sharedUsed = (start + size + 15) & ~(nuint)15;
        return _sharedUsed <= SharedSize
            ? _sharedMapping + start
            : throw new ArgumentException("Arguments and environment have more than 64 MB, far above what execve(2) takes.");
    }

    /// <summary>A list of what is known, so that a new kind of step costs time rather than the parent's descriptors.</summary>
    private static bool LeavesDescriptorsAlone(nint number)
        => number == SyscallNumbers.Prctl
            || number == SyscallNumbers.PPoll
            || number == SyscallNumbers.CloseRange
            || number == SyscallNumbers.RtSigAction
            || number == SyscallNumbers.RtSigProcMask
            || number == SyscallNumbers.Execve
            || number == SyscallNumbers.SetHostName
            || number == SyscallNumbers.SetDomainName
            || number == SyscallNumbers.Mount
            || number == SyscallNumbers.Chdir
            || number == SyscallNumbers.SetSid
            || number == SyscallNumbers.SetGroups
            || number == SyscallNumbers.SetResUid
            || number == SyscallNumbers.SetResGid
            || number == SyscallNumbers.PrLimit64
            || number == SyscallNumbers.CapSet;

    // fcntl.h
    private const nint AtFdCwd = -100;

    private static nint LibCExport(string name) => NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), name);
}
