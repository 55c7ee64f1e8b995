using System.Text;
using Microsoft.Win32.SafeHandles;

namespace NsGen.Xunit;

/// <summary>
/// A child's standard error, where a crash says its reason. A file and not a pipe, which a process that the test has left behind would keep open.
/// </summary>
internal sealed class ErrorStream : IDisposable
{
    private readonly SafeFileHandle _file = File.OpenHandle(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, FileOptions.DeleteOnClose);

    /// <summary>For the launch.</summary>
    public Redirection Redirection => Redirection.FromHandle(_file);

    /// <summary>What has been written.</summary>
    public string Text
    {
        get
        {
            byte[] bytes = new byte[RandomAccess.GetLength(_file)];
            int length = RandomAccess.Read(_file, bytes, 0);
            return Encoding.UTF8.GetString(bytes, 0, length);
        }
    }

    public void Dispose() => _file.Dispose();
}
