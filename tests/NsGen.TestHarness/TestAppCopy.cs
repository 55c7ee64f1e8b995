namespace NsGen.Tests;

/// <summary>The test app where anybody can read it, for children that become another user: the checkout may lie where only root can.</summary>
internal sealed class TestAppCopy : IDisposable
{
    private readonly TemporaryDirectory? _directory;

    public TestAppCopy(bool needed)
    {
        if (!needed)
        {
            Dll = TestApp.Dll;
            return;
        }

        _directory = new TemporaryDirectory();
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "NsGen*"))
        {
            string copy = Path.Combine(_directory.Path, Path.GetFileName(file));
            File.Copy(file, copy);
            File.SetUnixFileMode(copy, File.GetUnixFileMode(copy) | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        Dll = Path.Combine(_directory.Path, "NsGen.TestApp.dll");
    }

    public string Dll { get; }

    public void Dispose() => _directory?.Dispose();
}
