using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Native;

namespace NsGen.Launch;

/// <summary>
/// The descriptors a child is born with: 0, 1 and 2 as redirected, then the inherited handles from 3 on. Each source is duplicated above
/// all targets, so that moving them in the child cannot overwrite one that is still to be moved.
/// </summary>
internal sealed class ChildDescriptors : IDisposable
{
    private readonly List<SafeFileHandle?> _sources = [];
    private readonly int _firstFree;

    public ChildDescriptors(IsolationOptions options, params ReadOnlySpan<SafeHandle> more)
    {
        _firstFree = 3 + options.InheritedHandles.Count + more.Length;
        try
        {
            StandardInput = AddStandard(options.StandardInput, parentReads: false);
            StandardOutput = AddStandard(options.StandardOutput, parentReads: true);
            StandardError = AddStandard(options.StandardError, parentReads: true);
            foreach (SafeHandle handle in options.InheritedHandles)
            {
                Add(handle ?? throw new ArgumentException("InheritedHandles has a null among them.", nameof(options)));
            }

            foreach (SafeHandle handle in more)
            {
                Add(handle);
            }
        }
        catch
        {
            Dispose();
            CloseParentEnds();
            throw;
        }
    }

    /// <summary>The parent's end, where a pipe was asked for; belongs to the caller.</summary>
    public SafeFileHandle? StandardInput { get; }

    /// <inheritdoc cref="StandardInput"/>
    public SafeFileHandle? StandardOutput { get; }

    /// <inheritdoc cref="StandardInput"/>
    public SafeFileHandle? StandardError { get; }

    /// <summary>Index i is what becomes descriptor i in the child; -1 stays what it is.</summary>
    public int[] Numbers => [.. _sources.Select(static s => s?.Number() ?? -1)];

    /// <summary>Closes the parent's duplicates; the child has its own.</summary>
    public void Dispose()
    {
        foreach (SafeFileHandle? source in _sources)
        {
            source?.Dispose();
        }

        _sources.Clear();
    }

    /// <summary>Closes what the caller would have got.</summary>
    public void CloseParentEnds()
    {
        StandardInput?.Dispose();
        StandardOutput?.Dispose();
        StandardError?.Dispose();
    }

    private void Add(SafeHandle handle) => _sources.Add(FileDescriptor.Duplicate(handle, _firstFree));

    private SafeFileHandle? AddStandard(Redirection? redirection, bool parentReads)
    {
        switch (redirection?.Kind)
        {
            case RedirectionKind.Null:
                using (SafeFileHandle nothing = FileDescriptor.OpenNull())
                {
                    Add(nothing);
                }

                return null;
            case RedirectionKind.Handle:
                Add(redirection.Handle!);
                return null;
            case RedirectionKind.Pipe:
                (SafeFileHandle read, SafeFileHandle write) = FileDescriptor.Pipe();
                (SafeFileHandle parent, SafeFileHandle child) = parentReads ? (read, write) : (write, read);
                try
                {
                    Add(child);
                    return parent;
                }
                catch
                {
                    parent.Dispose();
                    throw;
                }
                finally
                {
                    child.Dispose();
                }

            default:
                _sources.Add(null);
                return null;
        }
    }
}
