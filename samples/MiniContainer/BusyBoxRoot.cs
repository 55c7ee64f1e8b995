using NsGen;

namespace MiniContainer;

/// <summary>
/// A root file system of one program, which is all commands: busybox looks at the name it is called by. It is a temporary directory of links;
/// the program itself is mounted into it.
/// </summary>
internal sealed class BusyBoxRoot : IDisposable
{
    private BusyBoxRoot(string busyBox) => BusyBox = busyBox;

    /// <summary>The program outside.</summary>
    public string BusyBox { get; }

    public string Path { get; } = Directory.CreateTempSubdirectory("mini-container-").FullName;

    /// <summary>Makes it.</summary>
    /// <exception cref="FileNotFoundException">There is no busybox.</exception>
    public static BusyBoxRoot Make()
    {
        string busyBox = ((string[])["/bin/busybox", "/usr/bin/busybox", "/sbin/busybox"]).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("There is no busybox. Install it, linked statically: Debian's package is busybox-static.");
        var root = new BusyBoxRoot(busyBox);
        try
        {
            root.Fill();
            return root;
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void Fill()
    {
        string bin = Directory.CreateDirectory(System.IO.Path.Combine(Path, "bin")).FullName;
        foreach (string name in Commands().Where(static name => name != "busybox"))
        {
            File.CreateSymbolicLink(System.IO.Path.Combine(bin, name), "busybox");
        }

        string etc = Directory.CreateDirectory(System.IO.Path.Combine(Path, "etc")).FullName;
        File.WriteAllText(System.IO.Path.Combine(etc, "passwd"), "root:x:0:0:root:/tmp:/bin/sh\n");
        File.WriteAllText(System.IO.Path.Combine(etc, "group"), "root:x:0:\n");
        File.WriteAllText(System.IO.Path.Combine(etc, "hosts"), "127.0.0.1 localhost mini\n");
    }

    private string[] Commands()
    {
        using var list = IsolatedProcess.Start(BusyBox, ["--list"], new() { StandardOutput = Redirection.Pipe });
        return list.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
