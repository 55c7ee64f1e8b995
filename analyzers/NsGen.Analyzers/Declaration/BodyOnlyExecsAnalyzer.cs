using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.Declaration;

/// <summary>NSG012: a body in a process of its own does nothing but start a program.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("The program's arguments become parameters of the isolated method, which changes its calls.")]
public sealed class BodyOnlyExecsAnalyzer : DeclarationAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.BodyOnlyExecs,
        DiagnosticSeverity.Info,
        "A body that only starts a program could be the program",
        "'{0}' only starts a program: '{1}' starts a .NET runtime in the child for it, and waits for that first. Set Exec on '{1}' instead.",
        "With Exec the child calls execve at once. Without it the child starts a .NET runtime, which takes tens of milliseconds, to start a process of its own.");

    /// <summary>Creates the analyzer.</summary>
    public BodyOnlyExecsAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, IsolatedFiles files) =>
        context.RegisterOperationBlockAction(block =>
        {
            if (block.OwningSymbol is IMethodSymbol { MethodKind: MethodKind.Ordinary } body
                && files.Contain(body.ContainingType)
                && OnlyStatement(block.OperationBlocks) is { } statement
                && StartsProgram(statement)
                && FindLauncher(body, files.Attribute, block.Compilation, block.CancellationToken) is { } launcher
                && body.Locations.FirstOrDefault() is { } location)
            {
                block.ReportDiagnostic(Diagnostic.Create(s_rule, location, body.Name, launcher.Name));
            }
        });

    private static IMethodSymbol? FindLauncher(
        IMethodSymbol body, INamedTypeSymbol attribute, Compilation compilation, CancellationToken cancellationToken)
    {
        foreach (ISymbol member in body.ContainingType.GetMembers())
        {
            if (IsolatedDeclaration.Read(member, attribute, cancellationToken) is { AwaitsImplementation: true, Attribute.IsThread: false } declaration
                && SymbolEqualityComparer.Default.Equals(declaration.FindBody(compilation), body))
            {
                return declaration.Method;
            }
        }

        return null;
    }

    /// <summary>The expression that is all a method does, or null.</summary>
    private static IOperation? OnlyStatement(ImmutableArray<IOperation> blocks)
    {
        IOperation[] statements =
        [
            .. blocks.OfType<IBlockOperation>().SelectMany(static block => block.Operations).Where(static operation =>
                operation is not IReturnOperation { ReturnedValue: null }),
        ];
        return statements is not [var only] ? null : only switch
        {
            IExpressionStatementOperation statement => statement.Operation,
            IReturnOperation { Kind: OperationKind.Return, ReturnedValue: { } value } => value,
            _ => null,
        };
    }

    /// <summary>Whether it starts a program and does no more with it than wait.</summary>
    private static bool StartsProgram(IOperation? operation) => operation switch
    {
        IInvocationOperation { TargetMethod: { IsStatic: true, Name: "Start" or "StartAsync" or "Run" or "RunAsync" } start } => IsProcess(start.ContainingType),
        IInvocationOperation { TargetMethod.Name: "WaitForExit" or "WaitForExitAsync" or "Dispose" or "ConfigureAwait", Instance: { } instance }
            => StartsProgram(instance),
        IPropertyReferenceOperation { Property.Name: "ExitCode", Instance: { } instance } => StartsProgram(instance),
        IConditionalAccessOperation access => StartsProgram(access.Operation),
        IAwaitOperation wait => StartsProgram(wait.Operation),
        IConversionOperation conversion => StartsProgram(conversion.Operand),
        IParenthesizedOperation parenthesized => StartsProgram(parenthesized.Operand),
        ISimpleAssignmentOperation { Target: IDiscardOperation, Value: var value } => StartsProgram(value),
        _ => false,
    };

    private static bool IsProcess(INamedTypeSymbol type)
        => type is { Name: "Process", ContainingNamespace: { Name: "Diagnostics", ContainingNamespace.Name: "System" } }
            or { Name: "IsolatedProcess", ContainingNamespace: { Name: "NsGen", ContainingNamespace.IsGlobalNamespace: true } };
}
