using Microsoft.CodeAnalysis;
using NsGen.Generator.Model;

namespace NsGen.Generator.Parse;

/// <summary>Takes return types apart.</summary>
internal static class Results
{
    /// <summary>How a launcher returns, and the type of its result: null for none.</summary>
    public static (Launcher Launcher, ITypeSymbol? Result) OfLauncher(IMethodSymbol method)
        => method.ReturnType is INamedTypeSymbol { Name: "IsolatedProcess" } process && Names.IsNsGen(process)
            ? (Launcher.Starts, process.TypeArguments.FirstOrDefault())
            : OfBody(method) switch
            {
                (Awaiting.None, var result) => (Launcher.Waits, result),
                (Awaiting.Stream, var item) => (Launcher.Streams, item),
                (_, var result) => (Launcher.Awaits, result),
            };

    /// <summary>How a body's result is waited for, and its type: null for none, an item's for a stream.</summary>
    public static (Awaiting Awaiting, ITypeSymbol? Result) OfBody(IMethodSymbol method) => method.ReturnType switch
    {
        { SpecialType: SpecialType.System_Void } => (Awaiting.None, null),
        INamedTypeSymbol { Name: "Task" } task when IsInTasks(task) => (Awaiting.Task, task.TypeArguments.FirstOrDefault()),
        INamedTypeSymbol { Name: "ValueTask" } task when IsInTasks(task) => (Awaiting.ValueTask, task.TypeArguments.FirstOrDefault()),
        INamedTypeSymbol { Name: "IAsyncEnumerable", TypeArguments: [var item] } sequence
            when sequence.ContainingNamespace.ToDisplayString() == "System.Collections.Generic" => (Awaiting.Stream, item),
        var type => (Awaiting.None, type),
    };

    private static bool IsInTasks(INamedTypeSymbol type)
        => type.ContainingNamespace.ToDisplayString() == "System.Threading.Tasks";
}
