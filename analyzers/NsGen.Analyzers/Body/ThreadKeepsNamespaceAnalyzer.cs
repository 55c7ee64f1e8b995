using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.Body;

/// <summary>NSG303: a body in thread mode starts threads, or work that may start some.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("The work has to be done on the body's own thread, or in a child process; which, the program's author knows.")]
public sealed class ThreadKeepsNamespaceAnalyzer : BodyAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.ThreadKeepsNamespace,
        DiagnosticSeverity.Warning,
        "Threads that a thread-mode body starts keep the namespace",
        "'{0}' in the thread-mode body '{1}' may start a thread, which is born in the namespace and keeps it when the body has ended; a pool thread that exists already works outside it. Do the work on the body's own thread, or use process mode.",
        "A new thread inherits the namespaces of the one that starts it, and the thread pool, the timers and the socket engine never give theirs back.");

    /// <summary>Creates the analyzer.</summary>
    public ThreadKeepsNamespaceAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(BodyContext context)
    {
        if (!context.RunsOnThread)
        {
            return;
        }

        List<IOperation> operations = context.Operations();
        foreach (IOperation operation in operations)
        {
            if (Starter(operation) is { } starter && !IsJoined(operation, operations))
            {
                context.Report(s_rule, operation, starter, context.Body.Name);
            }
        }
    }

    private static string? Starter(IOperation operation)
    {
        switch (operation)
        {
            case IObjectCreationOperation { Type: INamedTypeSymbol { Name: "Timer" or "PeriodicTimer" } type }
                when Space(type) is "System.Threading" or "System.Timers":
                return "new " + type.Name;

            case IInvocationOperation { TargetMethod: { ContainingType: { } type } method }:
                bool starts = (Space(type), type.Name) switch
                {
                    ("System.Threading", "Thread") => method.Name is "Start" or "UnsafeStart",
                    ("System.Threading", "ThreadPool") => method.Name is "QueueUserWorkItem" or "UnsafeQueueUserWorkItem"
                        or "RegisterWaitForSingleObject" or "UnsafeRegisterWaitForSingleObject" or "UnsafeQueueNativeOverlapped",
                    ("System.Threading.Tasks", "Task") => method.Name is "Run" or "Delay" or "Start" or "ContinueWith",
                    ("System.Threading.Tasks", "TaskFactory") => method.Name == "StartNew",
                    ("System.Threading.Tasks", "Parallel") => true,
                    ("System.Linq", "ParallelEnumerable") => method.Name == "AsParallel",
                    ("System.Net.Http" or "System.Net.Sockets", _) => method.Name.EndsWith("Async", StringComparison.Ordinal),
                    _ => false,
                };
                return starts ? type.Name + "." + method.Name : null;

            default:
                return null;
        }
    }

    /// <summary>A thread that the body waits for has ended before the body does.</summary>
    private static bool IsJoined(IOperation operation, List<IOperation> operations) =>
        operation is IInvocationOperation { TargetMethod.ContainingType.Name: "Thread" } start
        && VariableOf(start) is { } thread
        && operations.Any(other =>
            other is IInvocationOperation { TargetMethod: { Name: "Join", ContainingType.Name: "Thread", Parameters.Length: 0 } } join
            && SymbolEqualityComparer.Default.Equals(VariableOf(join), thread));

    private static ISymbol? VariableOf(IInvocationOperation call) => call.Instance?.WithoutConversions() switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        _ => null,
    };

    private static string Space(INamedTypeSymbol type) => type.ContainingNamespace.ToDisplayString();
}
