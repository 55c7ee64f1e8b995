using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.CloneFlags;

/// <summary>NSG107: memory that has another owner cannot be a child's stack.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("The memory has to come from mmap with a guard page and be freed when the child is done: calls in several places.")]
public sealed class ManagedStackAnalyzer : RawCallAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.ManagedStack,
        DiagnosticSeverity.Error,
        "A child's stack must not be managed or stackalloc memory",
        "'{0}' is given {1} as the child's stack: {2}, and no guard page ends it. Map it with mmap(MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK) and a PROT_NONE page at its low end.",
        "The child runs on its stack as long as it lives. Managed memory is moved, collected or rented out again when its owner is done with it, and stackalloc memory is reused when the method returns.");

    /// <summary>Creates the analyzer.</summary>
    public ManagedStackAnalyzer()
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
        string? danger = stack.Kind switch
        {
            StackMemoryKind.CallersStack => "it is reused when the method returns, while the child may still run on it",
            StackMemoryKind.Managed => "the GC moves it or gives it to others once it is no longer pinned, while the child may still run on it",
            _ => null,
        };
        if (danger is not null)
        {
            context.Report(s_rule, argument, context.CalledName, stack.Source, danger);
        }
    }
}
