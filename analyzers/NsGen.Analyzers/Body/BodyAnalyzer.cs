using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.Body;

/// <summary>
/// Base of the rules about isolated bodies: the method itself with its lambdas and local functions, not what it calls. Registers
/// nothing in a compilation that does not write <c>[Isolated]</c>.
/// </summary>
public abstract class BodyAnalyzer : DiagnosticAnalyzer
{
    private readonly ImmutableArray<DiagnosticDescriptor> _rules;

    private protected BodyAnalyzer(DiagnosticDescriptor rule) => _rules = ImmutableArray.Create(rule);

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => _rules;

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (IsolatedMethods.TryGet(start.Compilation, start.CancellationToken) is { } methods)
            {
                Register(start, methods);
            }
        });
    }

    /// <summary>Registers what the rule needs; by default a look at each body.</summary>
    private protected virtual void Register(CompilationStartAnalysisContext context, IsolatedMethods methods) =>
        context.RegisterOperationBlockAction(block =>
        {
            if (block.OwningSymbol is IMethodSymbol { MethodKind: MethodKind.Ordinary } method
                && methods.LaunchersOf(method, block.CancellationToken) is { IsEmpty: false } launchers)
            {
                Analyze(new(block, method, launchers));
            }
        });

    private protected virtual void Analyze(BodyContext context)
    {
    }
}

/// <summary>One body, and what a rule needs to judge it.</summary>
internal readonly struct BodyContext(OperationBlockAnalysisContext block, IMethodSymbol body, ImmutableArray<IsolatedMethod> launchers)
{
    public IMethodSymbol Body { get; } = body;

    /// <summary>The methods that run the body; one, as a rule.</summary>
    public ImmutableArray<IsolatedMethod> Launchers { get; } = launchers;

    public bool RunsInProcess => Launchers.Any(static launcher => !launcher.IsThread);

    public bool RunsOnThread => Launchers.Any(static launcher => launcher.IsThread);

    public CancellationToken CancellationToken => block.CancellationToken;

    /// <summary>Everything the body does, in the order of the text; what stands in nameof is not done.</summary>
    public List<IOperation> Operations()
    {
        List<IOperation> found = [];
        Stack<IOperation> open = new(block.OperationBlocks.Reverse());
        while (open.Count > 0)
        {
            IOperation operation = open.Pop();
            found.Add(operation);
            if (operation is not INameOfOperation)
            {
                foreach (IOperation child in operation.ChildOperations.Reverse())
                {
                    open.Push(child);
                }
            }
        }

        return found;
    }

    public void Report(DiagnosticDescriptor rule, IOperation at, params object[] arguments) =>
        block.ReportDiagnostic(Diagnostic.Create(rule, at.Syntax.GetLocation(), arguments));

    public void Report(
        DiagnosticDescriptor rule, IOperation at, ImmutableDictionary<string, string?> properties, params object[] arguments) =>
        block.ReportDiagnostic(Diagnostic.Create(rule, at.Syntax.GetLocation(), properties, arguments));
}
