using System.Globalization;
using NsGen.Native;

namespace NsGen.Calls;

/// <summary>
/// The files by which a debugger and dotnet-trace find a .NET process (docs/design-docs/ipc-protocol.md in dotnet/diagnostics). It deletes
/// them when it ends by itself; of a child that was killed or has left by _exit they are deleted here.
/// </summary>
internal sealed class DiagnosticFiles
{
    // USER_HZ, the same on every 64-bit architecture .NET runs on.
    private const long TicksPerSecond = 100;

    private readonly string[] _paths;

    private DiagnosticFiles(string[] paths) => _paths = paths;

    /// <summary>Those of a child, found by its number and start as the child itself sees them.</summary>
    /// <param name="processId">Its id as this process sees it.</param>
    /// <param name="boottimeOffset">Seconds that its clock is ahead.</param>
    /// <param name="temporary">Its TMPDIR.</param>
    /// <returns>Null where it has been reaped already.</returns>
    public static DiagnosticFiles? Of(int processId, long boottimeOffset, string? temporary)
    {
        string? inside = ProcFile.Field(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"), "NSpid:")?.Split('\t')[^1];
        string? stat = ProcFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
        if (inside is null || stat is null)
        {
            return null;
        }

        // proc_pid_stat(5): field 22 is the start time; the name before field 3 may hold spaces.
        long start = long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[22 - 3], CultureInfo.InvariantCulture) + (boottimeOffset * TicksPerSecond);
        string key = string.Create(CultureInfo.InvariantCulture, $"{inside}-{start}");
        string directory = string.IsNullOrEmpty(temporary) ? "/tmp" : temporary;
        return new DiagnosticFiles(
        [
            Path.Combine(directory, $"clr-debug-pipe-{key}-in"),
            Path.Combine(directory, $"clr-debug-pipe-{key}-out"),
            Path.Combine(directory, $"dotnet-diagnostic-{key}-socket"),
        ]);
    }

    /// <summary>Deletes what is left.</summary>
    public void Delete()
    {
        foreach (string path in _paths)
        {
            try
            {
                File.Delete(path);
            }
            catch (IOException)
            {
                // Another file system there, or a read-only one.
            }
            catch (UnauthorizedAccessException)
            {
                // The child was another user.
            }
        }
    }
}
