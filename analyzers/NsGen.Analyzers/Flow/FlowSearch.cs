using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.Flow;

/// <summary>What a search does after it has looked at one step of the program.</summary>
internal enum FlowStep
{
    /// <summary>Look further along this path.</summary>
    Continue,

    /// <summary>This path is of no interest beyond this step.</summary>
    Stop,

    /// <summary>This is what the search is for.</summary>
    Found,
}

/// <summary>
/// Looks along the paths on which a body can be executed after one of its operations. Exceptions may leave a try block anywhere, so its
/// handlers count as successors of each of its blocks.
/// </summary>
internal sealed class FlowSearch
{
    private readonly ControlFlowGraph _graph;
    private readonly BasicBlock _block;
    private readonly int _index;

    private FlowSearch(ControlFlowGraph graph, BasicBlock block, int index)
    {
        _graph = graph;
        _block = block;
        _index = index;
    }

    /// <summary>
    /// The place of <paramref name="operation"/> in the graph, or in that of the lambda or local function around it. Null if it cannot be
    /// reached.
    /// </summary>
    public static FlowSearch? From(ControlFlowGraph outermost, IOperation operation)
    {
        if (FlowGraphs.Of(outermost, operation) is not { } graph)
        {
            return null;
        }

        foreach (BasicBlock block in graph.Blocks)
        {
            for (int i = 0; i <= block.Operations.Length; i++)
            {
                foreach (IOperation part in Step(block, i)?.DescendantsAndSelf() ?? [])
                {
                    if (part.Syntax == operation.Syntax && part.Kind == operation.Kind)
                    {
                        return new(graph, block, i);
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Whether some path meets what <paramref name="visit"/> finds. The operation itself is not visited.</summary>
    public bool Finds(Func<IOperation, FlowStep> visit)
    {
        HashSet<int> seen = [];
        Stack<BasicBlock> pending = new();
        FlowStep result = Scan(_block, _index + 1, visit);
        BasicBlock block = _block;
        while (true)
        {
            switch (result)
            {
                case FlowStep.Found:
                    return true;
                case FlowStep.Continue:
                    foreach (BasicBlock next in Successors(block).Where(b => seen.Add(b.Ordinal)))
                    {
                        pending.Push(next);
                    }

                    break;
            }

            if (pending.Count == 0)
            {
                return false;
            }

            block = pending.Pop();
            result = Scan(block, 0, visit);
        }
    }

    private static FlowStep Scan(BasicBlock block, int from, Func<IOperation, FlowStep> visit)
    {
        for (int i = from; i <= block.Operations.Length; i++)
        {
            FlowStep result = Step(block, i) is { } step ? visit(step) : FlowStep.Continue;
            if (result != FlowStep.Continue)
            {
                return result;
            }
        }

        return FlowStep.Continue;
    }

    // The branch value is evaluated after the block's operations: its index is their count.
    private static IOperation? Step(BasicBlock block, int index) => index < block.Operations.Length ? block.Operations[index] : block.BranchValue;

    private HashSet<BasicBlock> Successors(BasicBlock block)
    {
        HashSet<BasicBlock> successors = [];
        Add(block.FallThroughSuccessor);
        Add(block.ConditionalSuccessor);
        for (ControlFlowRegion? region = block.EnclosingRegion; region is not null; region = region.EnclosingRegion)
        {
            if (region.Kind == ControlFlowRegionKind.Try && region.EnclosingRegion is { } tryAndHandlers)
            {
                foreach (ControlFlowRegion handler in tryAndHandlers.NestedRegions)
                {
                    if (handler != region)
                    {
                        successors.Add(_graph.Blocks[handler.FirstBlockOrdinal]);
                    }
                }
            }
        }

        return successors;

        void Add(ControlFlowBranch? branch)
        {
            if (branch?.Destination is { } destination)
            {
                successors.Add(destination);
                foreach (ControlFlowRegion region in branch.FinallyRegions)
                {
                    successors.Add(_graph.Blocks[region.FirstBlockOrdinal]);
                }
            }
        }
    }
}
