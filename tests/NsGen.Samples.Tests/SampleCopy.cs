namespace NsGen.Samples.Tests;

/// <summary>A sample where its caller can read it: the checkout may lie where only root can.</summary>
internal sealed class SampleCopy : IDisposable
{
    private readonly TemporaryDirectory? _directory;

    /// <param name="caller">Who runs it.</param>
    /// <param name="name">Its folder in samples/.</param>
    public SampleCopy(Caller caller, string name)
    {
        if (caller == Caller.Self)
        {
            Program = Sample.AppHost(name);
            return;
        }

        _directory = new TemporaryDirectory();
        foreach (string file in Directory.EnumerateFiles(Sample.Directory(name)))
        {
            File.Copy(file, Path.Combine(_directory.Path, Path.GetFileName(file)));
        }

        Shell.Output(new IsolationOptions(), $"chmod -R a+rX {_directory.Path}");
        Home = Directory.CreateDirectory(Path.Combine(_directory.Path, "home")).FullName;
        File.SetUnixFileMode(Home, (UnixFileMode)0b111_111_111);
        Program = Path.Combine(_directory.Path, name);
    }

    /// <summary>The program that starts it.</summary>
    public string Program { get; }

    /// <summary>A directory to which the caller may write; null for whoever runs the tests, who has one.</summary>
    public string? Home { get; }

    public void Dispose() => _directory?.Dispose();
}
