using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers;

/// <summary>
/// Base of the rules that read raw calls of libc. Registers nothing in a compilation that can make none, so that such a compilation
/// pays for one look at its text, whatever the number of rules.
/// </summary>
public abstract class RawCallAnalyzer : DiagnosticAnalyzer
{
    private readonly ImmutableArray<DiagnosticDescriptor> _rules;

    private protected RawCallAnalyzer(params DiagnosticDescriptor[] rules) => _rules = ImmutableArray.Create(rules);

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => _rules;

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (RawCallReader.TryGet(start.Compilation, start.Options, start.CancellationToken) is { } reader)
            {
                Register(start, reader);
            }
        });
    }

    /// <summary>Registers what the rule needs; by default a look at each raw call.</summary>
    private protected virtual void Register(CompilationStartAnalysisContext context, RawCallReader reader) =>
        context.RegisterOperationAction(
            operation =>
            {
                if (reader.TryRead((IInvocationOperation)operation.Operation, out RawCall call))
                {
                    Analyze(new(operation, reader, call));
                }
            },
            OperationKind.Invocation);

    private protected virtual void Analyze(RawCallContext context)
    {
    }
}

/// <summary>One raw call, and what a rule needs to judge it.</summary>
internal readonly struct RawCallContext(OperationAnalysisContext operation, RawCallReader reader, RawCall call)
{
    public RawCallReader Reader { get; } = reader;

    public RawCall Call { get; } = call;

    public RawFunction Function => Call.Function;

    public CancellationToken CancellationToken => operation.CancellationToken;

    /// <summary>The method called, as the program names it.</summary>
    public string CalledName => Call.Invocation.TargetMethod.Name;

    public AnalyzerOptions Options => operation.Options;

    /// <summary>The member that makes the call; for a lambda or a local function, the member around it.</summary>
    public ISymbol ContainingSymbol => operation.ContainingSymbol;

    public KnownBits ReadBits(RawParameter parameter) => Reader.ReadBits(Call[parameter]);

    /// <summary>Control flow of the body that makes the call.</summary>
    public Microsoft.CodeAnalysis.FlowAnalysis.ControlFlowGraph GetControlFlowGraph() => operation.GetControlFlowGraph();

    public void Report(DiagnosticDescriptor rule, IOperation at, params object[] arguments) =>
        operation.ReportDiagnostic(Diagnostic.Create(rule, at.Syntax.GetLocation(), arguments));

    public void Report(
        DiagnosticDescriptor rule,
        Location location,
        ImmutableDictionary<string, string?> properties,
        params object[] arguments) =>
        operation.ReportDiagnostic(Diagnostic.Create(rule, location, properties, arguments));

    public void Report(
        DiagnosticDescriptor rule, Location location, ImmutableArray<Location> additional, params object[] arguments) =>
        operation.ReportDiagnostic(Diagnostic.Create(rule, location, additional, arguments));
}
