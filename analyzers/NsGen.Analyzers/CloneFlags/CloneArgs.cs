using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.CloneFlags;

/// <summary>clone3's flags are a field of a struct, given by address or by reference.</summary>
internal static class CloneArgs
{
    /// <summary>
    /// The value of the field <c>flags</c>: of an object initializer, or of the one assignment that comes before the call on every path.
    /// Null if there are several, or the struct is handed to anybody else.
    /// </summary>
    public static IOperation? ReadFlags(RawCall call)
    {
        IOperation? argument = call.AtCallSite(RawParameter.Args)?.WithoutConversions();
        if (argument is IAddressOfOperation address)
        {
            argument = address.Reference;
        }

        return argument switch
        {
            IObjectCreationOperation creation => InInitializer(creation),
            ILocalReferenceOperation local => OfLocal(local, call.Invocation),
            _ => null,
        };
    }

    private static IOperation? OfLocal(ILocalReferenceOperation passed, IInvocationOperation call)
    {
        IOperation? initial = null;
        ISimpleAssignmentOperation? assignment = null;
        bool declared = false;
        foreach (IOperation operation in call.Root().Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when SymbolEqualityComparer.Default.Equals(declarator.Symbol, passed.Local):
                    declared = true;
                    initial = declarator.GetVariableInitializer()?.Value.WithoutConversions();
                    break;
                case ILocalReferenceOperation local when local != passed && SymbolEqualityComparer.Default.Equals(local.Local, passed.Local):
                    // sizeof and reads of fields do no harm; anything but a field might write the flags.
                    if (local.Parent is not IFieldReferenceOperation field || (IsFlags(field.Field) && field.IsWrittenOrAliased() && !IsOnly(field)))
                    {
                        return null;
                    }

                    break;
            }
        }

        if (!declared)
        {
            return null;
        }

        IOperation? initialFlags = initial is IObjectCreationOperation creation ? InInitializer(creation) : null;
        if (assignment is null)
        {
            return initialFlags;
        }

        return initialFlags is null && initial is null or IDefaultValueOperation or IObjectCreationOperation && ComesBefore(assignment, call)
            ? assignment.Value
            : null;

        bool IsOnly(IFieldReferenceOperation field)
        {
            if (assignment is not null || field.Parent is not ISimpleAssignmentOperation { IsRef: false } write || write.Target != field)
            {
                return false;
            }

            assignment = write;
            return true;
        }
    }

    private static IOperation? InInitializer(IObjectCreationOperation creation)
    {
        if (creation.Initializer is null)
        {
            return null;
        }

        foreach (IOperation initializer in creation.Initializer.Initializers)
        {
            if (initializer is ISimpleAssignmentOperation { Target: IFieldReferenceOperation field } assignment && IsFlags(field.Field))
            {
                return assignment.Value;
            }
        }

        return null;
    }

    private static bool IsFlags(IFieldSymbol field) => field.Name.Equals("flags", StringComparison.OrdinalIgnoreCase);

    /// <summary>A statement of a block around the call, before it.</summary>
    private static bool ComesBefore(IOperation assignment, IOperation call)
    {
        if (assignment.Parent is not IExpressionStatementOperation { Parent: IBlockOperation block })
        {
            return false;
        }

        for (IOperation? around = call.Parent; around is not null; around = around.Parent)
        {
            if (around == block)
            {
                return assignment.Syntax.SpanStart < call.Syntax.SpanStart;
            }
        }

        return false;
    }
}
