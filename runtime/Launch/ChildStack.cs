using System.Runtime.InteropServices;
using NsGen.Native;

namespace NsGen.Launch;

/// <summary>
/// The stack a child runs on until execve(2): an anonymous mapping with one inaccessible guard page at the low end, so that an overflow
/// is a fault and not silent corruption. Never managed memory, which the GC may move. A safe handle, so that
/// it goes with the thread that it belongs to.
/// </summary>
internal sealed unsafe class ChildStack : SafeHandle
{
    public const int DefaultSize = 64 * 1024;

    /// <summary>musl and glibc refuse less for a thread as well (PTHREAD_STACK_MIN).</summary>
    public const int MinimumSize = 16 * 1024;

    private readonly nuint _length;

    public ChildStack(int size)
        : base(-1, ownsHandle: true)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        Size = (int)(((nuint)size + page - 1) / page * page);
        _length = (nuint)Size + page;
        void* mapping = LibC.Mmap(
            null, _length, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_STACK | LibC.MAP_NORESERVE, -1, 0);
        if (mapping == (void*)-1)
        {
            throw new LaunchException($"mmap a stack of {_length} bytes", Marshal.GetLastPInvokeError(), hint: null);
        }

        SetHandle((nint)mapping);
        if (LibC.Mprotect(mapping, page, LibC.PROT_NONE) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            Dispose();
            throw new LaunchException("mprotect the stack's guard page", errno, hint: null);
        }
    }

    /// <summary>Usable bytes, a multiple of the page size.</summary>
    public int Size { get; }

    /// <summary>Where the stack begins: it grows down on every architecture .NET runs on, and pages are aligned to more than 16 bytes.</summary>
    public void* Top => (byte*)handle + _length;

    public override bool IsInvalid => handle == -1;

    protected override bool ReleaseHandle() => LibC.Munmap((void*)handle, _length) == 0;
}
