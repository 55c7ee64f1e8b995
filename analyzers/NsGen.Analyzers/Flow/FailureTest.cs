using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.Flow;

/// <summary>Reads conditions like <c>unshare(flags) == -1</c>, <c>result &lt; 0</c>, <c>result != 0</c>, <c>!TryUnshare(flags)</c>.</summary>
internal static class FailureTest
{
    private const int Failure = -1;
    private const int Success = 0;

    /// <summary>The local that holds the result of <paramref name="call"/> and nothing else; null if there is none.</summary>
    public static ILocalSymbol? LocalOf(IOperation call)
    {
        ILocalSymbol? declared = null;
        foreach (IOperation operation in call.Root().Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when declarator.GetVariableInitializer()?.Value.WithoutConversions() == call:
                    declared = declarator.Symbol;
                    break;
                case ILocalReferenceOperation reference
                    when declared is null || SymbolEqualityComparer.Default.Equals(reference.Local, declared):
                    if (LocalValues.TryRead(reference)?.Single?.WithoutConversions() == call)
                    {
                        return reference.Local;
                    }

                    if (declared is not null)
                    {
                        return null;
                    }

                    break;
            }
        }

        // Declared, and not used yet.
        return declared;
    }

    /// <summary>The outcome of <paramref name="condition"/> that means that the call failed; null if it does not tell.</summary>
    public static bool? FailedWhen(IOperation condition, SyntaxNode call, ILocalSymbol? result)
    {
        condition = condition.WithoutConversions();
        if (condition is IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not)
        {
            return !FailedWhen(not.Operand, call, result);
        }

        if (IsResult(condition) && condition.Type?.SpecialType == SpecialType.System_Boolean)
        {
            return false;
        }

        if (condition is not IBinaryOperation binary)
        {
            return null;
        }

        bool resultIsLeft = IsResult(binary.LeftOperand.WithoutConversions());
        IOperation other = resultIsLeft ? binary.RightOperand : binary.LeftOperand;
        if ((!resultIsLeft && !IsResult(binary.RightOperand.WithoutConversions()))
            || other.ConstantValue is not { HasValue: true, Value: int bound })
        {
            return null;
        }

        bool? onFailure = Evaluate(binary.OperatorKind, resultIsLeft, Failure, bound);
        return onFailure == Evaluate(binary.OperatorKind, resultIsLeft, Success, bound) ? null : onFailure;

        bool IsResult(IOperation operand) =>
            operand.Syntax == call
            || (operand is ILocalReferenceOperation reference && result is not null && SymbolEqualityComparer.Default.Equals(reference.Local, result));
    }

    private static bool? Evaluate(BinaryOperatorKind kind, bool resultIsLeft, int result, int bound)
    {
        (int left, int right) = resultIsLeft ? (result, bound) : (bound, result);
        return kind switch
        {
            BinaryOperatorKind.Equals => left == right,
            BinaryOperatorKind.NotEquals => left != right,
            BinaryOperatorKind.LessThan => left < right,
            BinaryOperatorKind.LessThanOrEqual => left <= right,
            BinaryOperatorKind.GreaterThan => left > right,
            BinaryOperatorKind.GreaterThanOrEqual => left >= right,
            _ => null,
        };
    }
}
