namespace NsGen.Tests;

/// <summary>A root file system of one program: Debian's busybox-static, with links by which it is called.</summary>
internal sealed class BusyBoxRoot : IDisposable
{
    /// <summary>What a test that uses it needs.</summary>
    public const string Tool = "busybox";

    private static readonly string[] s_applets =
        ["awk", "cat", "chmod", "echo", "env", "false", "grep", "head", "hostname", "id", "kill", "ls", "mkdir", "mount", "od", "pwd", "readlink", "rm", "sh",
         "sleep", "stat", "test", "touch", "true", "umount", "wc"];

    private readonly TemporaryDirectory _directory = new();

    public BusyBoxRoot()
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "bin"));
        File.Copy(Requirements.FindTool(Tool)!, System.IO.Path.Combine(Path, "bin/busybox"));
        foreach (string applet in s_applets)
        {
            File.CreateSymbolicLink(System.IO.Path.Combine(Path, "bin", applet), "busybox");
        }
    }

    public string Path => _directory.Path;

    /// <summary>Options for a program in this root.</summary>
    public IsolationOptions Options(Namespaces with, params MountEntry[] mounts)
    {
        var options = new IsolationOptions { Namespaces = Mount | Pid | with, RootDirectory = Path, Mounts = mounts };
        options.Environment["PATH"] = "/sbin:/bin";
        return options;
    }

    public string Write(string name, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.Combine(Path, name))!);
        return _directory.Write(name, content);
    }

    public bool Has(string name) => System.IO.Path.Exists(System.IO.Path.Combine(Path, name));

    public void Dispose() => _directory.Dispose();
}
