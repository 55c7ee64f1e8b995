namespace NsGen.Native;

/// <summary>Small files of /proc and /sys, read where they exist.</summary>
internal static class ProcFile
{
    /// <summary>The whole text without its last newline; null where the file is missing or may not be read.</summary>
    public static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\n');
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What follows <paramref name="name"/> on its line.</summary>
    public static string? Field(string path, string name)
        => Read(path)?.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();
}
