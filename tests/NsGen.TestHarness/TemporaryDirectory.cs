namespace NsGen.Tests;

/// <summary>A directory that anybody may read and enter, gone with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public TemporaryDirectory()
    {
        Path = Directory.CreateTempSubdirectory("nsgen-test-").FullName;
        File.SetUnixFileMode(Path, (UnixFileMode)0b111_101_101);
    }

    public string Path { get; }

    /// <summary>Writes a file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its text.</param>
    /// <param name="executable">Whether everybody may execute it.</param>
    /// <returns>Its full path.</returns>
    public string Write(string name, string content, bool executable = false)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, (UnixFileMode)(executable ? 0b111_101_101 : 0b110_100_100));
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
