using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.RawCalls;
using NsGen.Launch;

namespace NsGen.Analyzers.SetnsUnshare;

/// <summary>NSG204: the namespace of a thread that others use afterwards is changed.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("Moving the work to a thread of its own changes how its result and its exceptions come back.")]
public sealed class PoolThreadChangedAnalyzer : RawCallAnalyzer
{
    private const ulong LongRunning = 2; // TaskCreationOptions.LongRunning

    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.PoolThreadChanged,
        DiagnosticSeverity.Warning,
        "The namespace of a pool thread is changed",
        "'{0}' changes the namespace of {1}. Use a new Thread that ends afterwards.",
        "setns and unshare change the calling thread only, and a pool thread takes up other work afterwards, in the namespace it was left in.");

    /// <summary>Creates the analyzer.</summary>
    public PoolThreadChangedAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        if (!ChangesNamespace(context.Call, context.Reader) || WhoseThread(context) is not { } whose)
        {
            return;
        }

        if (!IsUndone(context))
        {
            context.Report(s_rule, context.Call.Invocation, context.CalledName, whose);
        }
    }

    // User and time namespaces cannot be changed at all: NSG202. unshare(CLONE_NEWTIME) concerns children.
    private static bool ChangesNamespace(RawCall call, RawCallReader reader)
    {
        if (call.Function == RawFunction.Unshare)
        {
            KnownBits flags = reader.ReadBits(call[RawParameter.Flags]);
            return (flags.Set & CloneFlagRules.NamespaceMask) != 0 && !flags.IsSet(CloneFlagRules.NewUser);
        }

        return call.Function == RawFunction.Setns
            && (reader.ReadBits(call[RawParameter.NsType]).Set & (CloneFlagRules.NewUser | CloneFlagRules.NewTime)) == 0;
    }

    private static string? WhoseThread(RawCallContext context)
    {
        IOperation? function = Preparation.FunctionOf(context.Call.Invocation);
        IMethodSymbol? symbol = function switch
        {
            IAnonymousFunctionOperation lambda => lambda.Symbol,
            ILocalFunctionOperation local => local.Symbol,
            _ => context.ContainingSymbol as IMethodSymbol,
        };
        if (symbol is null)
        {
            return null;
        }

        if (symbol.IsAsync)
        {
            return "whatever thread runs this part of an async method: after an await the rest runs on another one, and a pool thread keeps the namespace";
        }

        return function is IAnonymousFunctionOperation
            ? Describe(function.Parent, context.Reader)
            : FindPoolReference(context, symbol);
    }

    /// <summary>Task.Run(Work), where Work is a method or local function of the same file.</summary>
    private static string? FindPoolReference(RawCallContext context, IMethodSymbol method)
    {
        SyntaxNode call = context.Call.Invocation.Syntax;
        SemanticModel model = context.Call.Invocation.SemanticModel!;
        foreach (SyntaxNode node in call.SyntaxTree.GetRoot(context.CancellationToken).DescendantNodes())
        {
            if (node is IdentifierNameSyntax name
                && name.Identifier.ValueText == method.Name
                && !name.Parent.IsKind(SyntaxKind.InvocationExpression)
                && model.GetOperation(Whole(name), context.CancellationToken) is IMethodReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Method, method)
                && Describe(reference.Parent, context.Reader) is { } whose)
            {
                return whose;
            }
        }

        return null;

        static SyntaxNode Whole(IdentifierNameSyntax name) =>
            name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
    }

    private static string? Describe(IOperation? parent, RawCallReader reader)
    {
        while (parent is IDelegateCreationOperation or IConversionOperation or IArrayInitializerOperation or IArrayCreationOperation)
        {
            parent = parent.Parent;
        }

        switch (parent)
        {
            // new Task(…) needs a scheduler to run it, Thread needs none.
            case IArgumentOperation { Parent: IObjectCreationOperation { Type: { } created } creation }:
                return FullName(created) switch
                {
                    "System.Threading.Timer" => "the pool thread that runs the timer's callback, and that thread keeps it",
                    "System.Threading.Tasks.Task" when !MayBeLongRunning(creation.Arguments, reader) => OfPool("Task"),
                    _ => null,
                };

            case IArgumentOperation { Parent: IInvocationOperation invocation }:
                string name = invocation.TargetMethod.Name;
                bool pool = FullName(invocation.TargetMethod.ContainingType) switch
                {
                    "System.Threading.ThreadPool" => name is "QueueUserWorkItem" or "UnsafeQueueUserWorkItem" or "RegisterWaitForSingleObject"
                        or "UnsafeRegisterWaitForSingleObject",
                    "System.Threading.Tasks.Parallel" => true,
                    "System.Threading.Tasks.Task" => name == "Run" || (name == "ContinueWith" && !MayBeLongRunning(invocation.Arguments, reader)),
                    "System.Threading.Tasks.TaskFactory" => name == "StartNew" && !MayBeLongRunning(invocation.Arguments, reader),
                    "System.Linq.ParallelEnumerable" => true,
                    _ => false,
                };
                return pool ? OfPool(invocation.TargetMethod.ContainingType.Name + "." + name) : null;

            case IEventAssignmentOperation { Adds: true, EventReference: IEventReferenceOperation { Event: { Name: "Elapsed" } elapsed } }
                when FullName(elapsed.ContainingType) == "System.Timers.Timer":
                return "the pool thread that raises Elapsed, and that thread keeps it";

            default:
                return null;
        }
    }

    private static string OfPool(string starter) => $"the pool thread that {starter} takes, and that thread keeps it";

    private static string FullName(ITypeSymbol type) => type.OriginalDefinition is INamedTypeSymbol named
        ? named.ContainingNamespace.ToDisplayString() + "." + named.Name
        : "";

    // A thread of its own, which ends with the task. Options nobody knows may say so.
    private static bool MayBeLongRunning(IEnumerable<IArgumentOperation> arguments, RawCallReader reader) =>
        arguments.Any(a =>
            a.Parameter?.Type.Name is "TaskCreationOptions" or "TaskContinuationOptions" && !reader.ReadBits(a.Value).IsClear(LongRunning));

    /// <summary>
    /// A later call in the same function enters the thread's own namespace again, through a descriptor opened before. With an await in
    /// between it would do so on another thread.
    /// </summary>
    private static bool IsUndone(RawCallContext context)
    {
        IInvocationOperation call = context.Call.Invocation;
        IOperation function = Preparation.FunctionOf(call) ?? call.Root();
        foreach (IOperation operation in function.Descendants())
        {
            if (operation is IInvocationOperation other
                && other.Syntax.SpanStart >= call.Syntax.SpanStart
                && context.Reader.TryRead(other, out RawCall later)
                && later.Function == RawFunction.Setns
                && NamespaceFile.TryRead(later[RawParameter.Fd], context.Reader) is { IsOwn: true }
                && !function.Descendants().Any(o => o is IAwaitOperation
                    && o.Syntax.SpanStart > call.Syntax.SpanStart
                    && o.Syntax.SpanStart < other.Syntax.SpanStart))
            {
                return true;
            }
        }

        return false;
    }
}
