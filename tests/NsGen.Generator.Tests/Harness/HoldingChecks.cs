using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace NsGen.Generator.Tests.Harness;

internal static class HoldingChecks
{
    private static readonly Type[] s_roslyn =
    [
        typeof(Compilation), typeof(ISymbol), typeof(SyntaxNode), typeof(SyntaxTree), typeof(SyntaxReference), typeof(SemanticModel),
        typeof(Location), typeof(Diagnostic), typeof(AttributeData), typeof(SourceText),
    ];

    private static readonly Type[] s_roslynStructs =
    [
        typeof(SyntaxToken), typeof(SyntaxTrivia), typeof(SyntaxNodeOrToken), typeof(TypedConstant),
    ];

    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>What the steps hand on is made of plain values: Roslyn keeps it for as long as the editor is open.</summary>
    public static void ModelsHoldNothingOfRoslyn(GeneratorDriverRunResult result)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        GeneratorRunResult run = result.Results.Single();
        foreach (string name in TrackingNames.All.Where(run.TrackedSteps.ContainsKey))
        {
            foreach ((object value, _) in run.TrackedSteps[name].SelectMany(static step => step.Outputs))
            {
                Walk(value, name, seen);
            }
        }
    }

    /// <summary>After the next run nothing keeps the compilation of the one before, which may be hundreds of megabytes.</summary>
    public static void OldCompilationIsCollectable(GeneratorDriver driver, Func<CSharpCompilation> compile)
    {
        WeakReference old = RunOnce(ref driver, compile);
        RunOnce(ref driver, compile);
        for (int i = 0; i < 10 && old.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        if (old.IsAlive)
        {
            throw new HarnessException(nameof(OldCompilationIsCollectable), "something holds on to the compilation of the run before");
        }

        GC.KeepAlive(driver);
    }

    // A method of its own, so that no local or temporary of the caller keeps the compilation or the driver before.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunOnce(ref GeneratorDriver driver, Func<CSharpCompilation> compile)
    {
        CSharpCompilation first = compile();
        driver = driver.RunGenerators(first);
        return new WeakReference(first);
    }

    private static void Walk(object? value, string path, HashSet<object> seen)
    {
        if (value is null || value is string || value.GetType() is { IsPrimitive: true } or { IsEnum: true })
        {
            return;
        }

        Type type = value.GetType();
        if (s_roslyn.Any(type.IsAssignableTo) || s_roslynStructs.Contains(type))
        {
            throw new HarnessException(nameof(ModelsHoldNothingOfRoslyn), $"{path} is a {type}");
        }

        if (value is Type or Delegate || (!type.IsValueType && !seen.Add(value)))
        {
            return;
        }

        if (value is Array array)
        {
            foreach (object? item in (IEnumerable)array)
            {
                Walk(item, path + "[]", seen);
            }

            return;
        }

        for (Type? level = type; level is not null; level = level.BaseType)
        {
            foreach (FieldInfo field in level.GetFields(Fields))
            {
                Walk(field.GetValue(value), $"{path}.{field.Name}", seen);
            }
        }
    }
}
