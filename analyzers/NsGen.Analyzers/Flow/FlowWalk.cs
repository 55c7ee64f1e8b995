using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.Flow;

/// <summary>What a call means for the question "is this place reached after that, without the other in between".</summary>
internal enum FlowEffect
{
    None,

    /// <summary>The trouble begins here.</summary>
    Open,

    /// <summary>The remedy: whatever was open is settled.</summary>
    Close,

    /// <summary>The remedy where something is open, else the trouble.</summary>
    CloseOrOpen,
}

/// <summary>
/// A forward walk over a control-flow graph. It knows, for each call that opens, whether some path from there reaches a place, and whether
/// some path on which it does so has passed a remedy. A place is in trouble if it can be reached from an opening call and no such path has
/// a remedy: where only some have, a condition nobody can evaluate here may well be the one that makes the program right.
/// </summary>
/// <remarks>
/// Paths on which the opening call is seen to have failed (<c>== -1</c>) do not count as opened. An exception may come from anywhere in a
/// try block, so a handler is in trouble only if every point of the block is. The first time control gets somewhere is looked at
/// by itself, without the way back of a loop: a remedy at the end of a loop's body comes too late for its first round.
/// </remarks>
internal sealed class FlowWalk
{
    // One bit for each opening call; a body with more of them is not judged beyond these.
    private const int MaxOpeners = 64;
    private const int MaxPasses = 64;

    private readonly ControlFlowGraph _graph;
    private readonly IOperation _target;
    private readonly bool _remedyMayComeFirst;
    private readonly Dictionary<SyntaxNode, (int Opener, FlowEffect Effect)> _effects = [];
    private readonly List<SyntaxNode?> _openers = [];
    private ulong _found;

    private FlowWalk(ControlFlowGraph graph, IOperation target, FlowQuery query)
    {
        _graph = graph;
        _target = target;
        _remedyMayComeFirst = query.RemedyMayComeFirst;
        foreach (IOperation operation in target.Root().Descendants())
        {
            if (operation is IInvocationOperation or IObjectCreationOperation && !_effects.ContainsKey(operation.Syntax))
            {
                FlowEffect effect = query.Effect(operation);
                if (effect is FlowEffect.Open or FlowEffect.CloseOrOpen && _openers.Count < MaxOpeners - 1)
                {
                    _openers.Add(operation.Syntax);
                    _effects.Add(operation.Syntax, (_openers.Count - 1, effect));
                    Results.Add(operation.Syntax, FailureTest.LocalOf(operation));
                }
                else if (effect == FlowEffect.Close)
                {
                    _effects.Add(operation.Syntax, (0, effect));
                }
            }
        }

        // The entry of the body is the last opener.
        _openers.Add(null);
    }

    private Dictionary<SyntaxNode, ILocalSymbol?> Results { get; } = [];

    private ulong EntryBit => 1UL << (_openers.Count - 1);

    /// <summary>
    /// The calls (null for the entry of the body) after which <paramref name="target"/> is reached unremedied; empty if all is well.
    /// </summary>
    public static IReadOnlyList<SyntaxNode?> Find(ControlFlowGraph outermost, IOperation target, FlowQuery query)
    {
        if (FlowGraphs.Of(outermost, target) is not { } graph)
        {
            return [];
        }

        FlowWalk walk = new(graph, target, query);
        if (walk._openers.Count == 1 && !query.OpenAtEntry)
        {
            return [];
        }

        walk.Run(query.OpenAtEntry, loops: false);
        walk.Run(query.OpenAtEntry, loops: true);
        return [.. walk._openers.Where((_, i) => (walk._found & (1UL << i)) != 0)];
    }

    private void Run(bool openAtEntry, bool loops)
    {
        State[] entries = new State[_graph.Blocks.Length];
        entries[0] = new(true, openAtEntry ? EntryBit : 0, 0);
        for (int pass = 0; pass < MaxPasses; pass++)
        {
            State[] before = [.. entries];
            Dictionary<ControlFlowRegion, State> handlers = [];
            ulong found = 0;
            foreach (BasicBlock block in _graph.Blocks)
            {
                EnterHandler(block, handlers, entries);
                State state = entries[block.Ordinal];
                if (state.IsReached)
                {
                    found |= Walk(block, state, handlers, entries, loops);
                }
            }

            // A fixed point: what was found with the final states holds; what earlier passes saw may not have met all remedies yet.
            if (!loops || before.SequenceEqual(entries))
            {
                _found |= found;
                return;
            }
        }
    }

    private ulong Walk(BasicBlock block, State state, Dictionary<ControlFlowRegion, State> handlers, State[] entries, bool loops)
    {
        ulong found = 0;
        NotePoint(block, state, handlers);
        foreach (IOperation operation in block.Operations)
        {
            Visit(operation, ref state, ref found);
            NotePoint(block, state, handlers);
        }

        if (block.BranchValue is { } value)
        {
            Visit(value, ref state, ref found);
            NotePoint(block, state, handlers);
        }

        Follow(block.ConditionalSuccessor, Refine(state, block, conditionIs: block.ConditionKind == ControlFlowConditionKind.WhenTrue));
        Follow(block.FallThroughSuccessor, Refine(state, block, conditionIs: block.ConditionKind == ControlFlowConditionKind.WhenFalse));
        return found;

        void Follow(ControlFlowBranch? branch, State along)
        {
            if (branch is null)
            {
                return;
            }

            foreach (ControlFlowRegion region in branch.FinallyRegions)
            {
                Join(entries, region.FirstBlockOrdinal, along);
                along = RunThrough(region, along);
            }

            if (branch.Destination is { } destination && (loops || destination.Ordinal > block.Ordinal))
            {
                Join(entries, destination.Ordinal, along);
            }
        }
    }

    /// <summary>A finally block on the way: its calls, in order. Its own branches do not matter to those who only pass.</summary>
    private State RunThrough(ControlFlowRegion region, State state)
    {
        ulong ignored = 0;
        for (int i = region.FirstBlockOrdinal; i <= region.LastBlockOrdinal; i++)
        {
            foreach (IOperation operation in _graph.Blocks[i].Operations)
            {
                Visit(operation, ref state, ref ignored);
            }

            if (_graph.Blocks[i].BranchValue is { } value)
            {
                Visit(value, ref state, ref ignored);
            }
        }

        return state;
    }

    /// <summary>Operands come before the operation, as at run time.</summary>
    private void Visit(IOperation operation, ref State state, ref ulong found)
    {
        foreach (IOperation child in operation.ChildOperations)
        {
            Visit(child, ref state, ref found);
        }

        if (operation.Syntax == _target.Syntax && operation.Kind == _target.Kind)
        {
            found |= state.Open & ~state.Closed;
        }

        if (operation is IInvocationOperation or IObjectCreationOperation && _effects.TryGetValue(operation.Syntax, out (int Opener, FlowEffect Effect) call))
        {
            // What is open because of the same call, in an earlier round of a loop, is not undone by repeating it.
            bool trouble = (state.Open & ~state.Closed & ~(1UL << call.Opener)) != 0;
            if (call.Effect == FlowEffect.Open || (call.Effect == FlowEffect.CloseOrOpen && !trouble))
            {
                ulong bit = 1UL << call.Opener;
                state = state with { Open = state.Open | bit, Closed = _remedyMayComeFirst ? state.Closed : state.Closed & ~bit };
            }
            else
            {
                state = state with { Closed = _remedyMayComeFirst ? ulong.MaxValue : state.Closed | state.Open };
            }
        }
    }

    private State Refine(State state, BasicBlock block, bool conditionIs)
    {
        if (block.ConditionKind == ControlFlowConditionKind.None || block.BranchValue is null || state.Open == 0)
        {
            return state;
        }

        for (int i = 0; i < _openers.Count - 1; i++)
        {
            if (FailureTest.FailedWhen(block.BranchValue, _openers[i]!, Results[_openers[i]!]) is { } failed && failed == conditionIs)
            {
                state = state with { Open = state.Open & ~(1UL << i) };
            }
        }

        return state;
    }

    /// <summary>An exception thrown here leads to the handlers of the try blocks around it.</summary>
    private static void NotePoint(BasicBlock block, State state, Dictionary<ControlFlowRegion, State> handlers)
    {
        for (ControlFlowRegion? region = block.EnclosingRegion; region is not null; region = region.EnclosingRegion)
        {
            if (region.Kind == ControlFlowRegionKind.Try && region.EnclosingRegion is { Kind: ControlFlowRegionKind.TryAndCatch } guarded)
            {
                handlers[guarded] = handlers.TryGetValue(guarded, out State known)
                    ? new(true, known.Open & state.Open, known.Closed | state.Closed)
                    : state;
            }
        }
    }

    private static void EnterHandler(BasicBlock block, Dictionary<ControlFlowRegion, State> handlers, State[] entries)
    {
        for (ControlFlowRegion? region = block.EnclosingRegion; region?.FirstBlockOrdinal == block.Ordinal; region = region.EnclosingRegion)
        {
            if (region.Kind is ControlFlowRegionKind.Catch or ControlFlowRegionKind.FilterAndHandler
                && region.EnclosingRegion is { } guarded
                && handlers.TryGetValue(guarded, out State state))
            {
                Join(entries, block.Ordinal, state);
            }
        }
    }

    private static void Join(State[] entries, int ordinal, State state)
    {
        State known = entries[ordinal];
        entries[ordinal] = known.IsReached ? new(true, known.Open | state.Open, known.Closed | state.Closed) : state;
    }

    private readonly record struct State(bool IsReached, ulong Open, ulong Closed);
}

/// <summary>A question to <see cref="FlowWalk"/>.</summary>
internal sealed class FlowQuery(Func<IOperation, FlowEffect> effect)
{
    /// <summary>What a call (an invocation or an object creation) does.</summary>
    public Func<IOperation, FlowEffect> Effect { get; } = effect;

    /// <summary>The body starts in trouble: the remedy is due before the place asked about, whatever comes first.</summary>
    public bool OpenAtEntry { get; init; }

    /// <summary>A remedy counts although it comes before what it remedies.</summary>
    public bool RemedyMayComeFirst { get; init; }
}
