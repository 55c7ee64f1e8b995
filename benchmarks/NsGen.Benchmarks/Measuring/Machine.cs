using System.Globalization;
using System.Runtime.InteropServices;

namespace NsGen.Benchmarks;

/// <summary>What a result needs to be read by: never who or where.</summary>
internal static class Machine
{
    /// <summary>Processors, kernel, runtime, and how busy it is.</summary>
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} processors ({RuntimeInformation.OSArchitecture}), Linux {Environment.OSVersion.Version}, {RuntimeInformation.FrameworkDescription}, load {Load()}");

    public static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    public static int AvailableMegabytes()
    {
        string line = File.ReadLines("/proc/meminfo").First(static l => l.StartsWith("MemAvailable:", StringComparison.Ordinal));
        string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return int.Parse(parts[1], CultureInfo.InvariantCulture) / 1024;
    }
}
