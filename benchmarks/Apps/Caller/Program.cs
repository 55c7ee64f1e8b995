// Makes managed calls, and starts an empty program for comparison, one per request:
//     caller HOOK EMPTY_PROGRAM [ARGUMENT]...
// It is a program of its own, and a small one: the child of a managed call is this very program started once more.

using System.Runtime.Versioning;
using NsGen;
using NsGen.Benchmarks;
using static NsGen.Namespaces;

[assembly: SupportedOSPlatform("linux")]

RequestLoop.Run(request =>
{
    switch ((CallKind)request.Steps)
    {
        case CallKind.Call:
            Expect(Calls.Greet("world", new() { Namespaces = (Namespaces)request.Namespaces }) == "hello world");
            break;
        case CallKind.Empty:
            Start(new());
            break;
        case CallKind.EmptyWithoutDiagnostics:
            Start(WithoutDiagnostics());
            break;
        case CallKind.EmptyWithHook:
            IsolationOptions options = WithoutDiagnostics();
            options.Environment["DOTNET_STARTUP_HOOKS"] = args[0];
            Start(options);
            break;
        default:
            throw new ArgumentOutOfRangeException(nameof(request));
    }
});

void Start(IsolationOptions options)
{
    using IsolatedProcess empty = IsolatedProcess.Start(args[1], args[2..], options);
    Expect(empty.WaitForExit().ExitCode == 0);
}

static IsolationOptions WithoutDiagnostics()
{
    IsolationOptions options = new();
    options.Environment["DOTNET_EnableDiagnostics"] = "0";
    return options;
}

static void Expect(bool condition)
{
    if (!condition)
    {
        throw new InvalidOperationException("The child did not do what it was measured for.");
    }
}

internal static partial class Calls
{
    [Isolated(Uts | Pid)]
    public static partial string Greet(string name, IsolationOptions options);

    private static string GreetCore(string name) => $"hello {name}";
}
