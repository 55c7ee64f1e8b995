using Microsoft.Win32.SafeHandles;
using NsGen.Native;

namespace NsGen.Launch;

/// <summary>
/// Where child and mapper meet when the id maps are written from outside: the child says it is born and waits until it is mapped. The
/// launching thread can do neither, it is suspended until the child's execve.
/// </summary>
internal sealed unsafe class IdMapGate : IDisposable
{
    /// <summary>Written by the child.</summary>
    public const ulong ChildIsBorn = 1;

    /// <summary>Written by the launching thread when clone has failed or the child has ended.</summary>
    public const ulong NoChild = 1UL << 32;

    private readonly SafeFileHandle _born = FileDescriptor.EventFd();
    private readonly SafeFileHandle _mapped = FileDescriptor.EventFd();

    /// <summary>An eventfd; see eventfd(2).</summary>
    public int Born => _born.Number();

    /// <inheritdoc cref="Born"/>
    public int Mapped => _mapped.Number();

    public void SayNoChild() => Write(Born, NoChild);

    public void SayMapped() => Write(Mapped, 1);

    /// <summary>Waits for the child's birth.</summary>
    /// <returns>False where there is no child.</returns>
    public bool WaitForChild()
    {
        ulong value = 0;
        while (LibC.Read(Born, &value, sizeof(ulong)) < 0)
        {
            // EINTR; an eventfd that is open knows no other error
        }

        return value < NoChild;
    }

    public void Dispose()
    {
        _born.Dispose();
        _mapped.Dispose();
    }

    private static void Write(int fd, ulong value) => _ = LibC.Write(fd, &value, sizeof(ulong));
}
