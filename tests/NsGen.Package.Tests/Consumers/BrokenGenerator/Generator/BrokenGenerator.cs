using System;
using Microsoft.CodeAnalysis;

[Generator]
public sealed class BrokenGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
        => context.RegisterSourceOutput(context.CompilationProvider, static (_, _) => throw new InvalidOperationException("broken"));
}
