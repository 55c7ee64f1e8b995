using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.Flow;

/// <summary>A lambda or a local function has a control-flow graph of its own, inside that of the body around it.</summary>
internal static class FlowGraphs
{
    /// <summary>The graph of the function that <paramref name="operation"/> is directly in; null if it cannot be found.</summary>
    public static ControlFlowGraph? Of(ControlFlowGraph outermost, IOperation operation)
    {
        Stack<IOperation> functions = new();
        for (IOperation? parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation or ILocalFunctionOperation)
            {
                functions.Push(parent);
            }
        }

        ControlFlowGraph? graph = outermost;
        while (graph is not null && functions.Count > 0)
        {
            graph = functions.Pop() switch
            {
                ILocalFunctionOperation local => graph.LocalFunctions.Contains(local.Symbol, SymbolEqualityComparer.Default)
                    ? graph.GetLocalFunctionControlFlowGraph(local.Symbol)
                    : null,
                var lambda => OfLambda(graph, lambda.Syntax),
            };
        }

        return graph;
    }

    private static ControlFlowGraph? OfLambda(ControlFlowGraph graph, SyntaxNode lambda)
    {
        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IOperation operation in block.BranchValue is null ? block.Operations : block.Operations.Add(block.BranchValue))
            {
                foreach (IOperation part in operation.DescendantsAndSelf())
                {
                    if (part is IFlowAnonymousFunctionOperation function && function.Syntax == lambda)
                    {
                        return graph.GetAnonymousFunctionControlFlowGraph(function);
                    }
                }
            }
        }

        return null;
    }
}
