using Microsoft.Win32.SafeHandles;
using NsGen.Native;

namespace NsGen.Confinement;

/// <summary>
/// Numbers of descriptors that are certain to be free in a child. A step's result can go to one place only, so a descriptor that several
/// steps need is moved to a number known beforehand, with dup3; the parent keeps that number occupied until the child has its copy of
/// the table.
/// </summary>
internal sealed class ReservedDescriptors : IDisposable
{
    private readonly List<SafeFileHandle> _reserved = [];

    public int Reserve()
    {
        SafeFileHandle placeholder = FileDescriptor.EventFd();
        _reserved.Add(placeholder);
        return placeholder.Number();
    }

    public void Dispose()
    {
        foreach (SafeFileHandle placeholder in _reserved)
        {
            placeholder.Dispose();
        }

        _reserved.Clear();
    }
}
