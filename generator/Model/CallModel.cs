namespace NsGen.Generator.Model;

/// <summary>What the implementing part does.</summary>
internal abstract record CallModel;

/// <summary>It throws, because the declaration is invalid.</summary>
/// <param name="Reason">A sentence that says why and what to do.</param>
internal sealed record InvalidCall(string Reason) : CallModel;

/// <summary>It runs a method in a child.</summary>
/// <param name="Body">Name of the method that runs in the child.</param>
/// <param name="BodyIsUnique">Whether a cref by that name is unambiguous.</param>
/// <param name="Awaiting">How the body's result is waited for.</param>
/// <param name="AcceptsCancellation">Whether the body takes the token.</param>
/// <param name="Arguments">One for each parameter of the launcher.</param>
/// <param name="Launcher">How the launcher returns.</param>
/// <param name="Result">What comes back, or null.</param>
/// <param name="ResultIsExitCode">Whether it is also the child's exit code.</param>
/// <param name="Isolation">The attribute's values.</param>
/// <param name="Warm">How many children are kept ready.</param>
/// <param name="BodyDelegate">A delegate type the body converts to, by which it is compiled ahead; null where there is none.</param>
/// <param name="JsonContext">Full name of the context for values that travel as JSON, or null for reflection.</param>
/// <param name="ChildSide">Name of the nested class that holds the child's side.</param>
/// <param name="Requires">What trimming and ahead-of-time compilation may break.</param>
internal sealed record BodyCall(
    string Body,
    bool BodyIsUnique,
    Awaiting Awaiting,
    bool AcceptsCancellation,
    EquatableArray<ArgumentModel> Arguments,
    Launcher Launcher,
    ValueModel? Result,
    bool ResultIsExitCode,
    IsolationModel Isolation,
    int Warm,
    string? BodyDelegate,
    string? JsonContext,
    string ChildSide,
    RequirementsModel Requires) : CallModel;

/// <summary>It runs a method on a thread of this process.</summary>
/// <param name="Body">Name of the method.</param>
/// <param name="BodyIsUnique">Whether a cref by that name is unambiguous.</param>
/// <param name="Passed">The launcher's parameters that the body takes.</param>
/// <param name="Options">The parameter with the options, or null.</param>
/// <param name="Target">The parameter with the target, or null.</param>
/// <param name="Launcher">How the launcher returns.</param>
/// <param name="HasResult">Whether it returns anything.</param>
/// <param name="Isolation">The attribute's values.</param>
internal sealed record ThreadCall(
    string Body,
    bool BodyIsUnique,
    EquatableArray<string> Passed,
    string? Options,
    string? Target,
    Launcher Launcher,
    bool HasResult,
    IsolationModel Isolation) : CallModel;

/// <summary>It runs a program in a child.</summary>
/// <param name="Path">The program.</param>
/// <param name="Arguments">One for each parameter of the launcher.</param>
/// <param name="Launcher">How the launcher returns.</param>
/// <param name="Result">What it returns.</param>
/// <param name="Isolation">The attribute's values.</param>
internal sealed record ProgramCall(
    string Path,
    EquatableArray<ArgumentModel> Arguments,
    Launcher Launcher,
    ProgramResult Result,
    IsolationModel Isolation) : CallModel;

/// <summary>How a launcher returns.</summary>
internal enum Launcher
{
    /// <summary>When the child has ended.</summary>
    Waits,

    /// <summary>At once, with a task.</summary>
    Awaits,

    /// <summary>At once, with the running process.</summary>
    Starts,

    /// <summary>At once, with a sequence whose items come as the body makes them.</summary>
    Streams,
}

/// <summary>How the child waits for its body.</summary>
internal enum Awaiting
{
    None,
    Task,
    ValueTask,

    /// <summary>It is enumerated, and each item sent.</summary>
    Stream,
}

/// <summary>What a launcher makes of a program's end.</summary>
internal enum ProgramResult
{
    /// <summary>Nothing: a failure is thrown.</summary>
    None,
    ExitCode,
    Status,
}

/// <summary>The attribute's values.</summary>
/// <param name="Namespaces">Names of the namespaces, for comments.</param>
/// <param name="Options">Those that were written.</param>
internal sealed record IsolationModel(EquatableArray<string> Namespaces, EquatableArray<OptionModel> Options);

/// <param name="Property">A property of IsolationOptions.</param>
/// <param name="Value">Its value as a C# expression.</param>
internal sealed record OptionModel(string Property, string Value);

/// <summary>Why code may break when trimmed or compiled ahead of time; null where it does not.</summary>
/// <param name="UnreferencedCode">Message of RequiresUnreferencedCode on both sides.</param>
/// <param name="DynamicCode">Message of RequiresDynamicCode on both sides.</param>
/// <param name="LauncherSaysUnreferencedCode">Whether the declaration already has the attribute.</param>
/// <param name="LauncherSaysDynamicCode">Whether the declaration already has the attribute.</param>
internal sealed record RequirementsModel(
    string? UnreferencedCode, string? DynamicCode, bool LauncherSaysUnreferencedCode, bool LauncherSaysDynamicCode);
