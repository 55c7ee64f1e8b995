namespace NsGen.TestApp;

/// <summary>What a process holds that could leak. The runtime's own share is settled by warming up before the first count.</summary>
internal sealed record Census(int Descriptors, int Mappings, int Threads, int Children)
{
    public static Census Take() => new(
        Files().Count(),
        File.ReadLines("/proc/self/maps").Count(),
        Directory.EnumerateDirectories("/proc/self/task").Count(),
        Directory.EnumerateDirectories("/proc/self/task").Sum(static task => File.ReadAllText(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Length));

    /// <summary>What is open, without the assemblies that the runtime loads when it likes.</summary>
    private static IEnumerable<string> Files()
        => Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Select(static fd => new FileInfo(fd).LinkTarget ?? "")
            .Where(static target => !target.EndsWith(".dll", StringComparison.Ordinal));

    /// <summary>What has grown since, by more than its tolerance; null where nothing has.</summary>
    public static string? Leak(Census before, int mappings = 0, int threads = 0)
    {
        // Reaping and closing go on in the background for a moment.
        Census after = Take();
        for (int i = 0; i < 500 && (after.Descriptors > before.Descriptors || after.Children > before.Children || after.Threads > before.Threads + threads || after.Mappings > before.Mappings + mappings); i++)
        {
            Thread.Sleep(10);
            after = Take();
        }

        return after.Descriptors > before.Descriptors || after.Children > before.Children || after.Mappings > before.Mappings + mappings || after.Threads > before.Threads + threads
            ? $"leak: {before} became {after}: {string.Join(' ', Files())}"
            : null;
    }
}
