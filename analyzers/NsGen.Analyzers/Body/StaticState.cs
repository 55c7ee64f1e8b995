using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.Body;

/// <summary>Static fields and properties that a program keeps its state in.</summary>
internal static class StaticState
{
    /// <summary>What is written: a static member, or something that one holds.</summary>
    public static IEnumerable<(IOperation Target, ISymbol Member, bool IsCache)> Writes(IEnumerable<IOperation> operations)
    {
        foreach (IOperation operation in operations)
        {
            foreach (IOperation target in TargetsOf(operation))
            {
                if (Root(target) is { } member && IsState(member))
                {
                    yield return (target, member, IsCache(operation));
                }
            }
        }
    }

    /// <summary>
    /// Whether the member belongs to the program. What belongs to the thread, or follows a call, is no state; and
    /// System.Environment, System.Console and their like stand for the process itself, which a body may well set up.
    /// </summary>
    public static bool IsState(ISymbol member)
    {
        ITypeSymbol? type = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;
        return member is { IsStatic: true, ContainingType: { } container } and not IFieldSymbol { IsConst: true }
            && RootNamespace(container) is not ("System" or "Microsoft")
            && type is not INamedTypeSymbol { Name: "AsyncLocal" or "ThreadLocal", ContainingNamespace.Name: "Threading" }
            && !member.GetAttributes().Any(static attribute => attribute.AttributeClass is { Name: "ThreadStaticAttribute" });
    }

    public static string NameOf(ISymbol member) => member.ContainingType.Name + "." + member.Name;

    private static IEnumerable<IOperation> TargetsOf(IOperation operation) => operation switch
    {
        IAssignmentOperation assignment => Parts(assignment.Target),
        IIncrementOrDecrementOperation step => [step.Target],
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument when !OnlyReads(argument) => [argument.Value],
        IInvocationOperation { Instance: { } collection } call when AddsToCollection(call.TargetMethod) => [collection],
        _ => [],
    };

    // Of the framework's collections only: what Add means elsewhere is not known.
    private static bool AddsToCollection(IMethodSymbol method) =>
        method.Name is "Add" or "AddRange" or "AddFirst" or "AddLast" or "AddOrUpdate" or "Enqueue" or "Insert" or "InsertRange" or "Push" or "TryAdd"
        && method.ContainingType.ContainingNamespace.ToDisplayString() is
            "System.Collections" or "System.Collections.Generic" or "System.Collections.Concurrent" or "System.Collections.ObjectModel";

    // (a, b) = …
    private static IEnumerable<IOperation> Parts(IOperation target) =>
        target is ITupleOperation tuple ? tuple.Elements.SelectMany(Parts) : [target];

    private static bool OnlyReads(IArgumentOperation argument) =>
        argument.Parent is IInvocationOperation { TargetMethod: { Name: "Read", ContainingType.Name: "Volatile" or "Interlocked" } };

    // What is computed once and kept may be computed once in each process.
    private static bool IsCache(IOperation operation) =>
        operation is ICoalesceAssignmentOperation
        || (operation is IArgumentOperation { Parent: IInvocationOperation { TargetMethod.ContainingType.Name: "LazyInitializer" } });

    private static ISymbol? Root(IOperation? target)
    {
        while (target is not null)
        {
            switch (target.WithoutConversions())
            {
                case IFieldReferenceOperation field:
                    if (field.Field.IsStatic)
                    {
                        return field.Field.OriginalDefinition;
                    }

                    target = field.Instance;
                    break;
                case IPropertyReferenceOperation property:
                    if (property.Property.IsStatic)
                    {
                        return property.Property.OriginalDefinition;
                    }

                    target = property.Instance;
                    break;
                case IArrayElementReferenceOperation element:
                    target = element.ArrayReference;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }

    private static string RootNamespace(INamedTypeSymbol type)
    {
        string name = "";
        for (INamespaceSymbol? space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            name = space.Name;
        }

        return name;
    }
}
