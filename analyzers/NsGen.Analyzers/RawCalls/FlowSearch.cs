using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NsGen.Analyzers.RawCalls;

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
/// Looks along the paths on which a body can be executed, from one operation onwards or backwards. Exceptions may leave a try block
/// anywhere, so its handlers count as successors of each of its blocks.
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
    /// The place of <paramref name="operation"/>, an operation of the tree the graph was made from, in that graph or in that of the
    /// lambda or local function around it. Null if it cannot be reached.
    /// </summary>
    public static FlowSearch? From(ControlFlowGraph graph, IOperation operation)
    {
        foreach (BasicBlock block in graph.Blocks)
        {
            for (int i = 0; i <= block.Operations.Length; i++)
            {
                IOperation? step = i < block.Operations.Length ? block.Operations[i] : block.BranchValue;
                if (step is null || !step.Syntax.Span.IntersectsWith(operation.Syntax.Span))
                {
                    continue;
                }

                foreach (IOperation part in step.DescendantsAndSelf())
                {
                    if (part is IFlowAnonymousFunctionOperation lambda && lambda.Syntax.Span.Contains(operation.Syntax.Span))
                    {
                        return From(graph.GetAnonymousFunctionControlFlowGraph(lambda), operation);
                    }

                    if (part.Syntax == operation.Syntax && part.Kind == operation.Kind)
                    {
                        return new(graph, block, i);
                    }
                }
            }
        }

        foreach (IMethodSymbol function in graph.LocalFunctions)
        {
            if (From(graph.GetLocalFunctionControlFlowGraph(function), operation) is { } inner)
            {
                return inner;
            }
        }

        return null;
    }

    /// <summary>Whether some path from the operation onwards meets what <paramref name="visit"/> finds. The operation itself is not visited.</summary>
    public bool AnyForward(Func<IOperation, FlowStep> visit) => Any(visit, forward: true, atEnd: false);

    /// <summary>Whether some path from the start of the body to the operation meets what <paramref name="visit"/> finds.</summary>
    public bool AnyBackward(Func<IOperation, FlowStep> visit) => Any(visit, forward: false, atEnd: false);

    /// <summary>
    /// Whether some path from the start of the body reaches the operation without a step at which <paramref name="visit"/> stops, as when
    /// a call that must come first is missing on that path.
    /// </summary>
    public bool ReachedWithout(Func<IOperation, FlowStep> visit) => Any(visit, forward: false, atEnd: true);

    private bool Any(Func<IOperation, FlowStep> visit, bool forward, bool atEnd)
    {
        HashSet<int> seen = [];
        Stack<BasicBlock> pending = new();
        switch (Scan(_block, forward ? _index + 1 : _index - 1, visit, forward))
        {
            case FlowStep.Found:
                return true;
            case FlowStep.Continue:
                Push(_block);
                break;
        }

        while (pending.Count > 0)
        {
            BasicBlock block = pending.Pop();
            if (!seen.Add(block.Ordinal))
            {
                continue;
            }

            if (atEnd && block.Kind == BasicBlockKind.Entry)
            {
                return true;
            }

            switch (Scan(block, forward ? 0 : block.Operations.Length, visit, forward))
            {
                case FlowStep.Found:
                    return true;
                case FlowStep.Continue:
                    Push(block);
                    break;
            }
        }

        return false;

        void Push(BasicBlock block)
        {
            foreach (BasicBlock next in forward ? Successors(block) : _graph.Blocks.Where(b => Successors(b).Contains(block)))
            {
                pending.Push(next);
            }
        }
    }

    // The branch value is evaluated after the block's operations: its index is their count.
    private static FlowStep Scan(BasicBlock block, int from, Func<IOperation, FlowStep> visit, bool forward)
    {
        for (int i = from; i >= 0 && i <= block.Operations.Length; i += forward ? 1 : -1)
        {
            IOperation? step = i < block.Operations.Length ? block.Operations[i] : block.BranchValue;
            FlowStep result = step is null ? FlowStep.Continue : visit(step);
            if (result != FlowStep.Continue)
            {
                return result;
            }
        }

        return FlowStep.Continue;
    }

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
