using System.Reflection;
using NsGen.CompilerServices;

namespace NsGen.Generator.Tests.Harness;

/// <summary>
/// Takes the place of the runtime behind generated launchers: each call runs the child's side right here, on the bytes the launcher
/// wrote, without a child process. Public, because the compiled test programs call it.
/// </summary>
public static class InProcess
{
    /// <summary>Compiled into a test program, this IsolatedCall hides that of the runtime.</summary>
    internal const string StandIn = """
        #nullable enable
        namespace NsGen.CompilerServices
        {
            using NsGen.Generator.Tests.Harness;
            using Options = NsGen.IsolationOptions;
            using Strings = System.Collections.Generic.IEnumerable<string>;
            using Token = System.Threading.CancellationToken;

            internal static class IsolatedCall
            {
                public static PayloadReader Run(
                    IsolatedMethod method, PayloadWriter arguments, Options? options = null, Token cancellationToken = default)
                    => InProcess.Run(typeof(IsolatedCall).Assembly, method, arguments, options, cancellationToken);

                public static async Task<PayloadReader> RunAsync(
                    IsolatedMethod method, PayloadWriter arguments, Options? options = null, Token cancellationToken = default)
                {
                    await Task.Yield();
                    return Run(method, arguments, options, cancellationToken);
                }

                public static IsolatedProcess Start(
                    IsolatedMethod method, PayloadWriter arguments, Options? options = null, Token cancellationToken = default)
                {
                    Run(method, arguments, options, cancellationToken);
                    return null!;
                }

                public static IsolatedProcess<T> Start<T>(
                    IsolatedMethod method,
                    PayloadWriter arguments,
                    Func<PayloadReader, T> readResult,
                    Options? options = null,
                    Token cancellationToken = default)
                {
                    InProcess.Last.Value!.Result = readResult(Run(method, arguments, options, cancellationToken));
                    return null!;
                }

                public static ExitStatus RunProgram(
                    string path, Strings arguments, Options defaults, Options? options = null, Token cancellationToken = default)
                    => InProcess.RunProgram(path, arguments, defaults, options, cancellationToken);

                public static async Task<ExitStatus> RunProgramAsync(
                    string path, Strings arguments, Options defaults, Options? options = null, Token cancellationToken = default)
                {
                    await Task.Yield();
                    return RunProgram(path, arguments, defaults, options, cancellationToken);
                }

                public static IsolatedProcess StartProgram(
                    string path, Strings arguments, Options defaults, Options? options = null, Token cancellationToken = default)
                {
                    RunProgram(path, arguments, defaults, options, cancellationToken);
                    return null!;
                }
            }
        }
        """;

    /// <summary>What the last call of this test was given and gave.</summary>
    public static AsyncLocal<RecordedCall?> Last { get; } = new();

    /// <summary>Runs the child's side of a call.</summary>
    public static PayloadReader Run(
        Assembly assembly, IsolatedMethod method, PayloadWriter arguments, IsolationOptions? options, CancellationToken cancellationToken)
    {
        RecordedCall call = Last.Value!;
        call.Id = method.Id;
        call.Defaults = method.Options;
        call.AcceptsCancellation = method.AcceptsCancellation;
        call.Warm = method.Warm;
        call.Options = options;
        call.CancellationToken = cancellationToken;
        Assert.Equal(assembly.GetName().Name, method.Assembly);

        var child = new ChildCall(new PayloadReader(arguments.Written), cancellationToken);
        Find(assembly, method.Id)!(child);
        call.ExitCode = child.ExitCode;
        Assert.Equal(0, child.Arguments.Length); // the child's side has read all
        return new PayloadReader(child.Result.Written);
    }

    /// <summary>Remembers what a program would have been given, and ends it as <see cref="RecordedCall.ExitCode"/> says.</summary>
    public static ExitStatus RunProgram(
        string path,
        IEnumerable<string> arguments,
        IsolationOptions defaults,
        IsolationOptions? options,
        CancellationToken cancellationToken)
    {
        RecordedCall call = Last.Value!;
        call.Path = path;
        call.Arguments = [.. arguments];
        call.Defaults = defaults;
        call.Options = options;
        call.CancellationToken = cancellationToken;
        return ExitStatus.Exited(call.ExitCode);
    }

    /// <summary>Asks the assembly's entry, as a child does.</summary>
    internal static Action<ChildCall>? Find(Assembly assembly, string id)
        => (Action<ChildCall>?)assembly.GetType("NsGen.Generated.Entry", throwOnError: true)!
            .GetMethod("Find", BindingFlags.Static | BindingFlags.NonPublic)!
            .Invoke(null, [id]);
}

/// <summary>What a call was given and gave.</summary>
public sealed class RecordedCall
{
    public string Id { get; set; } = "";

    public string? Path { get; set; }

    public IReadOnlyList<string> Arguments { get; set; } = [];

    public IsolationOptions? Defaults { get; set; }

    public IsolationOptions? Options { get; set; }

    public CancellationToken CancellationToken { get; set; }

    public bool AcceptsCancellation { get; set; }

    public int Warm { get; set; }

    public int ExitCode { get; set; }

    /// <summary>What an <c>IsolatedProcess&lt;T&gt;</c> would give.</summary>
    public object? Result { get; set; }
}
