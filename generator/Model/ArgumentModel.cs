namespace NsGen.Generator.Model;

/// <summary>What becomes of one parameter of a launcher.</summary>
internal abstract record ArgumentModel;

/// <summary>It is carried to the body.</summary>
internal sealed record PayloadArgument(ValueModel Value) : ArgumentModel;

/// <summary>It becomes one or more arguments of a program.</summary>
/// <param name="Adder">The method of ProgramArguments that takes it.</param>
/// <param name="Format">The format string for a value that has one, or null.</param>
/// <param name="IsList">Whether it is, by itself, a list of strings without nulls.</param>
internal sealed record ProgramArgument(string Adder, string? Format, bool IsList) : ArgumentModel;

/// <summary>It cancels the call.</summary>
internal sealed record CancellationArgument : ArgumentModel;

/// <summary>It overrides the attribute's values.</summary>
internal sealed record OptionsArgument : ArgumentModel;

/// <summary>It says whose namespaces are joined.</summary>
internal sealed record TargetArgument : ArgumentModel;

/// <summary>The body's reports go to it.</summary>
/// <param name="Number">Which of those.</param>
/// <param name="Value">A report.</param>
/// <param name="IsNullable">Whether it may be null.</param>
internal sealed record ProgressArgument(int Number, ValueModel Value, bool IsNullable) : ArgumentModel;

/// <summary>How a value crosses to the other process.</summary>
/// <param name="Marshalling">The pair of methods that write and read it.</param>
/// <param name="Type">The type argument for reading, or empty where the method is not generic.</param>
/// <param name="FullType">The declared type.</param>
/// <param name="IsNotNull">Whether the method may read null but the declared type has none.</param>
internal sealed record ValueModel(Marshalling Marshalling, string Type, string FullType, bool IsNotNull);

/// <summary>The pairs of methods of PayloadWriter and PayloadReader.</summary>
internal enum Marshalling
{
    /// <summary>Without references, as its bytes.</summary>
    Value,

    /// <summary>The same, or null.</summary>
    Nullable,
    String,
    Strings,
    Uri,

    /// <summary>An array of values without references.</summary>
    Array,

    /// <summary>ReadOnlyMemory of bytes.</summary>
    Memory,

    /// <summary>Memory of bytes, which the reader must copy.</summary>
    WritableMemory,

    /// <summary>A descriptor, in the objects that stand for one.</summary>
    FileHandle,
    FileStream,
    Socket,
    PipeStream,
    NamespaceHandle,

    /// <summary>All else.</summary>
    Json,
}
