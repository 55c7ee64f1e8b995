using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.CloneFlags;

/// <summary>NSG103: the stack grows down from the address that clone is given.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LowEndOfStackAnalyzer : RawCallAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.LowEndOfStack,
        DiagnosticSeverity.Error,
        "clone needs the top of the child's stack",
        "'{0}' is given {1} as the child's stack: {2}. {3}.",
        "Stacks grow towards lower addresses on every architecture .NET runs on, so clone(2) takes the address just above the memory meant for the child.");

    /// <summary>Creates the analyzer.</summary>
    public LowEndOfStackAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        if (context.Function != RawFunction.Clone || context.Call.AtCallSite(RawParameter.Stack) is not { } argument)
        {
            return;
        }

        StackMemory stack = StackMemory.Read(context.Reader, argument);
        if (stack.Kind == StackMemoryKind.Null)
        {
            context.Report(
                s_rule, argument, context.CalledName, "null", "libc answers EINVAL", "Map memory with mmap and pass its end");
        }
        else if (stack.Kind == StackMemoryKind.Native && stack.AtLowEnd)
        {
            // The size is part of the allocation elsewhere; the fixer finds it there.
            ImmutableArray<Location> size = stack.Size is { } s ? ImmutableArray.Create(s.Syntax.GetLocation()) : ImmutableArray<Location>.Empty;
            context.Report(
                s_rule,
                argument.Syntax.GetLocation(),
                size,
                context.CalledName,
                $"the lowest address of the memory from {stack.Source}",
                "the stack grows down, so the child's first push faults or overwrites what lies below",
                "Add the size");
        }
    }
}
