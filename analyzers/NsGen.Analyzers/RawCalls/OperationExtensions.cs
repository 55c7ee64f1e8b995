using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.RawCalls;

internal static class OperationExtensions
{
    /// <summary>The outermost operation: the body of the member, with the lambdas and local functions inside it.</summary>
    public static IOperation Root(this IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
        }

        return operation;
    }

    /// <summary>Through casts and implicit conversions; a narrowing cast too, so use it for identity, not for values.</summary>
    public static IOperation WithoutConversions(this IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                default:
                    return operation;
            }
        }
    }

    /// <summary>
    /// The reference does more than read the variable: it is assigned, incremented, passed by reference, or its address or an alias of
    /// it is taken.
    /// </summary>
    public static bool IsWrittenOrAliased(this IOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference || assignment is ISimpleAssignmentOperation { IsRef: true },
        IIncrementOrDecrementOperation => true,
        IAddressOfOperation => true,
        IArgumentOperation argument => argument.Parameter is not { RefKind: RefKind.None },
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => declarator.Symbol.RefKind != RefKind.None,
        IConditionalOperation conditional => conditional.IsRef,
        IReturnOperation => false,

        // (a, b) = …: the target of a deconstruction. A tuple that is only read is given up too; that costs no false alarm.
        ITupleOperation => true,
        IDeclarationExpressionOperation => true,
        _ => false,
    };
}
