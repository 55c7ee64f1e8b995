using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace NsGen.Generator.Tests.Harness;

/// <summary>Compiles a program with its generated code into memory and calls it.</summary>
internal static class Execution
{
    /// <summary>What this process runs on, with NsGen and the tests themselves, whose assembly the stand-in calls.</summary>
    private static readonly PortableExecutableReference[] s_running =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Loads the program, with its launchers calling their child's sides directly.</summary>
    public static Assembly Load(this GeneratedProgram program)
    {
        var options = (CSharpParseOptions)program.Compilation.SyntaxTrees.First().Options;
        Compilation compilation = program.Compilation
            .AddSyntaxTrees(CSharpSyntaxTree.ParseText(InProcess.StandIn, options, "StandIn.cs"))
            .WithReferences(s_running);
        using var image = new MemoryStream();
        EmitResult result = compilation.Emit(image);
        Assert.Empty(result.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        image.Position = 0;
        return new AssemblyLoadContext(compilation.AssemblyName, isCollectible: true).LoadFromStream(image);
    }

    /// <summary>Calls a static method of the program; gives what it returned and what the call was given.</summary>
    public static (object? Result, RecordedCall Call) Invoke(this Assembly assembly, string type, string method, params object?[] arguments)
    {
        var call = new RecordedCall();
        return (assembly.InvokeFor(call, type, method, arguments), call);
    }

    /// <summary>Calls a static method of the program for a given call.</summary>
    public static object? InvokeFor(this Assembly assembly, RecordedCall call, string type, string method, params object?[] arguments)
    {
        InProcess.Last.Value = call;
        object? result = assembly.GetType(type, throwOnError: true)!
            .GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        return Unwrap(result) ?? call.Result;
    }

    private static object? Unwrap(object? result)
    {
        if (result?.GetType() is { IsGenericType: true, Name: "ValueTask`1" } valueTask)
        {
            result = valueTask.GetMethod("AsTask")!.Invoke(result, null);
        }
        else if (result is ValueTask plain)
        {
            result = plain.AsTask();
        }

        if (result is Task task)
        {
            task.GetAwaiter().GetResult();
            return task.GetType().GetProperty("Result") is { PropertyType.Name: not "VoidTaskResult" } property
                ? property.GetValue(task)
                : null;
        }

        return result;
    }
}
