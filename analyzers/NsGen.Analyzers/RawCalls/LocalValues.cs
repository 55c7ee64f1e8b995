using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.RawCalls;

/// <summary>Every value a local variable is given in the member that declares it.</summary>
internal sealed class LocalValues
{
    private LocalValues(List<IOperation> assigned, List<ICompoundAssignmentOperation> compound)
    {
        Assigned = assigned;
        Compound = compound;
    }

    /// <summary>Values of the declaration and of plain assignments.</summary>
    public List<IOperation> Assigned { get; }

    /// <summary>flags |= CLONE_NEWNET and the like.</summary>
    public List<ICompoundAssignmentOperation> Compound { get; }

    /// <summary>The only value the local ever has; null if there are more.</summary>
    public IOperation? Single => Assigned.Count == 1 && Compound.Count == 0 ? Assigned[0] : null;

    /// <summary>Null if some write cannot be seen: through an address, a ref, an out argument, an increment, a pattern.</summary>
    public static LocalValues? TryRead(ILocalReferenceOperation reference)
    {
        ILocalSymbol local = reference.Local;
        if (local.RefKind != RefKind.None)
        {
            return null;
        }

        List<IOperation> assigned = [];
        List<ICompoundAssignmentOperation> compound = [];
        bool declared = false;
        foreach (IOperation operation in reference.Root().Descendants())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when SymbolEqualityComparer.Default.Equals(declarator.Symbol, local):
                    declared = true;
                    if (declarator.GetVariableInitializer() is { } initializer)
                    {
                        assigned.Add(initializer.Value);
                    }

                    break;
                case ILocalReferenceOperation other when SymbolEqualityComparer.Default.Equals(other.Local, local):
                    switch (other.Parent)
                    {
                        case ISimpleAssignmentOperation { IsRef: false } assignment when assignment.Target == other:
                            assigned.Add(assignment.Value);
                            break;
                        case ICompoundAssignmentOperation assignment when assignment.Target == other:
                            compound.Add(assignment);
                            break;
                        default:
                            if (other.IsWrittenOrAliased())
                            {
                                return null;
                            }

                            break;
                    }

                    break;
            }
        }

        // Not declared by a declarator: foreach, a pattern, out var, a deconstruction.
        return declared ? new(assigned, compound) : null;
    }
}
