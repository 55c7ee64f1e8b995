using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.RawCalls;

/// <summary>
/// Recognises a method that only forwards to a P/Invoke: its first statement makes the raw call, unconditionally, and nothing else in
/// its body makes one. What follows may check the result. One level deep: a wrapper of a wrapper is an ordinary method.
/// </summary>
internal static class WrapperReader
{
    public static RawCallee? TryRead(RawCallReader reader, IMethodSymbol method)
    {
        // Whatever an override may do instead, nobody knows.
        // An async method may make the call on another thread than its caller's.
        if (method.IsVirtual || method.IsAbstract || method.IsOverride || method.IsAsync || method.DeclaringSyntaxReferences.Length != 1)
        {
            return null;
        }

        SyntaxNode declaration = method.DeclaringSyntaxReferences[0].GetSyntax();
        (BlockSyntax? block, ArrowExpressionClauseSyntax? arrow) = declaration switch
        {
            MethodDeclarationSyntax m => (m.Body, m.ExpressionBody),
            LocalFunctionStatementSyntax f => (f.Body, f.ExpressionBody),
            _ => (null, null),
        };
        SyntaxNode? body = (SyntaxNode?)block ?? arrow;
        SyntaxNode? first = arrow?.Expression ?? First(block);
        if (body is null || first is null || FindCall(reader, first) is not { } call)
        {
            return null;
        }

        SemanticModel model = reader.Compilation.GetSemanticModel(declaration.SyntaxTree);
        if (model.GetOperation(call) is not IInvocationOperation invocation
            || reader.GetDirectCallee(invocation.TargetMethod) is not { } callee
            || MakesAnotherCall(reader, model, body, call)
            || WritesParameter(invocation, method))
        {
            return null;
        }

        return new(
            callee.Function,
            isDirect: false,
            callee.SetsLastError,
            resultIsHandledInside: !OnlyReturnsResult(invocation),
            Forward(callee, invocation, method));
    }

    private static SyntaxNode? First(BlockSyntax? block) => block is null || block.Statements.Count == 0
        ? null
        : block.Statements[0] switch
        {
            ExpressionStatementSyntax statement => statement,
            LocalDeclarationStatementSyntax statement => statement,
            ReturnStatementSyntax statement => statement,
            IfStatementSyntax statement => statement.Condition,
            _ => null,
        };

    private static InvocationExpressionSyntax? FindCall(RawCallReader reader, SyntaxNode first)
    {
        foreach (SyntaxNode node in first.DescendantNodesAndSelf(static n => !IsConditional(n)))
        {
            if (node is InvocationExpressionSyntax call && reader.MayBeRawCallName(NameOf(call)))
            {
                return call;
            }
        }

        return null;
    }

    private static bool IsConditional(SyntaxNode node) =>
        node is ConditionalExpressionSyntax or AnonymousFunctionExpressionSyntax or SwitchExpressionSyntax or ConditionalAccessExpressionSyntax
        || node.IsKind(SyntaxKind.LogicalAndExpression)
        || node.IsKind(SyntaxKind.LogicalOrExpression)
        || node.IsKind(SyntaxKind.CoalesceExpression);

    private static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => "",
    };

    private static bool MakesAnotherCall(RawCallReader reader, SemanticModel model, SyntaxNode body, InvocationExpressionSyntax call)
    {
        foreach (SyntaxNode node in body.DescendantNodes())
        {
            if (node is InvocationExpressionSyntax other
                && other != call
                && reader.MayBeRawCallName(NameOf(other))
                && model.GetOperation(other) is IInvocationOperation invocation
                && reader.GetDirectCallee(invocation.TargetMethod) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static bool WritesParameter(IOperation call, IMethodSymbol method)
    {
        foreach (IOperation operation in call.Root().Descendants())
        {
            if (operation is IParameterReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Parameter.ContainingSymbol, method)
                && reference.IsWrittenOrAliased())
            {
                return true;
            }
        }

        return false;
    }

    // return unshare(flags);   or   int result = unshare(flags); return result;
    private static bool OnlyReturnsResult(IInvocationOperation invocation)
    {
        IOperation? parent = invocation.Parent;
        while (parent is IConversionOperation)
        {
            parent = parent.Parent;
        }

        switch (parent)
        {
            case IReturnOperation:
                return true;
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: { } local } }:
                bool returned = false;
                foreach (IOperation operation in invocation.Root().Descendants())
                {
                    if (operation is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local))
                    {
                        if (reference.Parent is not IReturnOperation)
                        {
                            return false;
                        }

                        returned = true;
                    }
                }

                return returned;
            default:
                return false;
        }
    }

    private static ImmutableArray<ForwardedArgument> Forward(RawCallee callee, IInvocationOperation invocation, IMethodSymbol method)
    {
        ImmutableArray<ForwardedArgument>.Builder arguments = ImmutableArray.CreateBuilder<ForwardedArgument>(callee.Arguments.Length);
        for (int i = 0; i < callee.Arguments.Length; i++)
        {
            IOperation? value = null;
            foreach (IArgumentOperation argument in invocation.Arguments)
            {
                if (argument.Parameter?.Ordinal == callee.Arguments[i].Ordinal)
                {
                    value = argument.Value;
                }
            }

            arguments.Add(value?.WithoutConversions() switch
            {
                IParameterReferenceOperation p when SymbolEqualityComparer.Default.Equals(p.Parameter.ContainingSymbol, method) =>
                    ForwardedArgument.Parameter(p.Parameter.Ordinal),
                not null when !value.DescendantsAndSelf().Any(static o => o is IParameterReferenceOperation) => ForwardedArgument.Value(value),
                _ => ForwardedArgument.Value(null),
            });
        }

        return arguments.MoveToImmutable();
    }
}
