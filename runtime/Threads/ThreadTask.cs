using System.Globalization;

namespace NsGen.Threads;

/// <summary>The threads of this process, as /proc/self/task shows them.</summary>
internal static class ThreadTask
{
    /// <summary>Ids of all threads.</summary>
    public static HashSet<int> Ids()
    {
        var ids = new HashSet<int>();
        foreach (string directory in Directory.EnumerateDirectories("/proc/self/task"))
        {
            ids.Add(int.Parse(Path.GetFileName(directory.AsSpan()), CultureInfo.InvariantCulture));
        }

        return ids;
    }

    /// <summary>A namespace link of a thread, such as <c>uts:[4026531838]</c>; null where the thread has ended.</summary>
    public static string? Link(int id, string name)
    {
        try
        {
            return File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{id}/ns/{name}"), returnFinalTarget: false)?.Name;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>For messages.</summary>
    public static string Describe(int id)
        => string.Create(CultureInfo.InvariantCulture, $"{Native.ProcFile.Read($"/proc/self/task/{id}/comm") ?? "a thread"} ({id})");
}
