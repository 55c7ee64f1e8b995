namespace ParallelIntegrationTests;

/// <summary>
/// Where tests wait for each other, to show that they run at the same time: a directory, since a network of one's own does not mean files of
/// one's own. It is named after the process that runs all these tests.
/// </summary>
internal sealed class Meeting : IDisposable
{
    private readonly string _directory;
    private readonly int _participants;

    public Meeting(int participants)
    {
        string parent = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..].Trim();
        _directory = Path.Combine(Path.GetTempPath(), $"meeting-of-children-of-{parent}");
        _participants = participants;
        Directory.CreateDirectory(_directory);
    }

    /// <summary>Comes, and waits until everybody has.</summary>
    public async Task ComeAsync()
    {
        Sign("came");
        while (Directory.GetFiles(_directory).Length < _participants)
        {
            await Task.Delay(10);
        }
    }

    /// <summary>Leaves; the last one clears up.</summary>
    public void Dispose()
    {
        Sign("left");
        try
        {
            if (Directory.GetFiles(_directory).Length == 2 * _participants)
            {
                Directory.Delete(_directory, recursive: true);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Two left last.
        }
    }

    private void Sign(string what) => File.WriteAllText(Path.Combine(_directory, $"{what}-{Environment.ProcessId}"), "");
}
