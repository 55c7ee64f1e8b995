using System.IO.Pipes;

namespace NsGen.Samples.Nsrun;

/// <summary>
/// Starts a program whose namespaces are pinned to files before it runs: a short one would have ended, and its namespaces with it, before they
/// could be. A shell in its place waits for a line on descriptor 3, and becomes the program.
/// </summary>
internal static class PinnedStart
{
    // "read" fails where nsrun ends before it has pinned them all.
    private const string Wait = "read -r line <&3 || exit 1; exec 3<&- \"$@\"";

    /// <summary>As <see cref="IsolatedProcess.Start"/>, with the namespaces pinned.</summary>
    /// <exception cref="NamespaceException">One cannot be pinned; the program has not run.</exception>
    public static IsolatedProcess Start(
        string path, IReadOnlyList<string> arguments, IsolationOptions options, IReadOnlyList<(Namespaces Kind, string File)> files)
    {
        using var gate = new AnonymousPipeServerStream(PipeDirection.Out);
        options.InheritedHandles.Add(gate.ClientSafePipeHandle);
        IsolatedProcess process = IsolatedProcess.Start("/bin/sh", ["-c", Wait, "nsrun", path, .. arguments], options);
        try
        {
            foreach ((Namespaces kind, string file) in files)
            {
                Pin(process, kind, file);
            }
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }

        gate.Write("\n"u8);
        return process;
    }

    private static void Pin(IsolatedProcess process, Namespaces kind, string file)
    {
        // unshare(1) wants the file to exist, NsGen makes it. One that another namespace is pinned to cannot be deleted (EBUSY).
        if (new FileInfo(file) is { Exists: true, Length: 0 })
        {
            File.Delete(file);
        }

        using NamespaceHandle handle = NamespaceHandle.Of(process, kind);
        handle.Pin(file);
    }
}
