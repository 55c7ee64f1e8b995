// Makes managed calls, and starts an empty program for comparison, one per request:
//     caller HOOK EMPTY_PROGRAM [ARGUMENT]...
// It is a program of its own, and a small one: the child of a managed call is this very program started once more.

using System.Runtime.Versioning;
using NsGen;
using NsGen.Benchmarks;
using static NsGen.Namespaces;

[assembly: SupportedOSPlatform("linux")]

RequestLoop.Run(Measure, Prepare);

void Measure(Request request)
{
    switch ((CallKind)request.Steps)
    {
        case CallKind.Warm:
            Expect(Calls.GreetWarm("world") == "hello world");
            break;
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
}

// The child that the last warm call has used up has a successor by now.
static void Prepare(Request request)
{
    if ((CallKind)request.Steps != CallKind.Warm)
    {
        return;
    }

    if (IsolationPool.All.Count == 0)
    {
        Calls.GreetWarm("pool");
    }

    IsolationPool.All.Single().FillAsync().Wait();
}

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

    [Isolated(Uts | Pid, Warm = 2, Body = nameof(GreetCore))]
    public static partial string GreetWarm(string name);

    private static string GreetCore(string name) => $"hello {name}";
}
