using System.Globalization;

namespace NsGen.Samples;

/// <summary>Users and groups by number or name.</summary>
internal static class Ids
{
    /// <summary>The file of users; see passwd(5).</summary>
    public const string Users = "/etc/passwd";

    /// <summary>The file of groups; see group(5).</summary>
    public const string Groups = "/etc/group";

    /// <summary>An id as it is, or that of a name.</summary>
    /// <param name="text">A number or a name.</param>
    /// <param name="database"><see cref="Users"/> or <see cref="Groups"/>.</param>
    /// <exception cref="UsageException">Neither.</exception>
    public static uint Parse(string text, string database)
    {
        if (uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint id))
        {
            return id;
        }

        return Lines(database).FirstOrDefault(fields => fields.Length > 2 && fields[0] == text) is { } entry
            ? uint.Parse(entry[2], CultureInfo.InvariantCulture)
            : throw new UsageException($"'{text}' is neither a number nor a name in {database}");
    }

    /// <summary>The lines of a file whose fields are separated by colons; none where it does not exist.</summary>
    public static IEnumerable<string[]> Lines(string file)
        => File.Exists(file) ? File.ReadLines(file).Select(static line => line.Split(':')) : [];
}
