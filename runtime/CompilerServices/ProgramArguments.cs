using System.Collections;
using System.ComponentModel;
using System.Globalization;

namespace NsGen.CompilerServices;

/// <summary>
/// The arguments of a program, as a generated launcher makes them of its parameters. A null is no argument at all. Not for use in your
/// own code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProgramArguments : IEnumerable<string>
{
    private readonly List<string> _arguments = [];

    /// <summary>Adds a string.</summary>
    /// <param name="value">The string, or null.</param>
    public void Add(string? value)
    {
        if (value is not null)
        {
            _arguments.Add(value);
        }
    }

    /// <summary>Adds each string of a list.</summary>
    /// <param name="values">The list, or null.</param>
    public void AddRange(IEnumerable<string?>? values)
    {
        foreach (string? value in values ?? [])
        {
            Add(value);
        }
    }

    /// <summary>Adds <c>true</c> or <c>false</c>.</summary>
    /// <param name="value">The value, or null.</param>
    public void AddFlag(bool? value) => Add(value switch
    {
        true => "true",
        false => "false",
        null => null,
    });

    /// <summary>Adds a number, an enum by name, a Guid, a date …, as the invariant culture writes it.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="format">Its format; null for the type's default.</param>
    public void AddValue<T>(T value, string? format = null)
        where T : struct, IFormattable
        => Add(value.ToString(format, CultureInfo.InvariantCulture));

    /// <inheritdoc cref="AddValue{T}(T, string?)"/>
    public void AddValue<T>(T? value, string? format = null)
        where T : struct, IFormattable
        => Add(value?.ToString(format, CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => _arguments.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
