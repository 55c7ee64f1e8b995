using Microsoft.CodeAnalysis;
using NsGen.Generator.Model;

namespace NsGen.Generator.Parse;

/// <summary>Reads a method whose body runs on a thread of this process.</summary>
internal static class ThreadParser
{
    /// <summary>What a lambda, by which the body reaches the thread, cannot hold; and what only a process gives.</summary>
    public static IEnumerable<Problem> FindProblems(IMethodSymbol method, AttributeParser attribute)
    {
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.RefKind != RefKind.None || parameter.Type.IsRefLikeType)
            {
                // CS1628, CS8175
                yield return new(
                    ProblemKind.Parameter,
                    $"Its parameter '{parameter.Name}' lives on the caller's stack, and the body runs on another: pass it by value.",
                    parameter);
            }
            else if (parameter.Type is IPointerTypeSymbol or IFunctionPointerTypeSymbol)
            {
                yield return new(ProblemKind.Parameter, $"Its parameter '{parameter.Name}' is a pointer: pass an nint.", parameter);
            }
        }

        if (!method.IsStatic && method.ContainingType.TypeKind == TypeKind.Struct)
        {
            // CS1673
            yield return new(ProblemKind.Shape, "It is an instance method of a struct, which another thread cannot reach: make it static.");
        }

        if (Results.OfLauncher(method).Launcher is Launcher.Starts or Launcher.Streams)
        {
            yield return new(
                ProblemKind.Result, "Thread mode gives a result or a task: there is no process to return, and nothing to stream from. Use process mode.");
        }

        if (method.RefKind != RefKind.None)
        {
            yield return new(ProblemKind.Result, "It must not return by reference in thread mode.");
        }

        if (attribute.Exec is not null)
        {
            yield return new(ProblemKind.Option, "A program needs a process of its own: remove Mode or Exec.", Option: "Mode");
        }

        if (attribute.Warm != 0)
        {
            yield return new(ProblemKind.Option, "Threads are not kept warm: remove Warm or Mode.", Option: nameof(AttributeParser.Warm));
        }
    }

    /// <summary>Reads a declaration in which <see cref="DeclarationChecks"/> found no problem.</summary>
    public static CallModel Parse(IMethodSymbol method, AttributeParser attribute, Compilation compilation)
    {
        IMethodSymbol body = BodyFinder.Find(method, attribute, compilation)!;
        if (Results.OfBody(body).Awaiting != Awaiting.None)
        {
            return new InvalidCall("Its body is asynchronous: it would go on, after the first await, on a thread outside the namespace.");
        }

        bool takesToken = body.Parameters.Any(MethodParser.IsCancellationToken);
        (Launcher launcher, ITypeSymbol? result) = Results.OfLauncher(method);
        return new ThreadCall(
            Names.Escape(body.Name),
            BodyIsUnique: method.ContainingType.GetMembers(body.Name).Length == 1,
            method.Parameters
                .Where(parameter => !MethodParser.IsForLaunch(parameter) && (takesToken || !MethodParser.IsCancellationToken(parameter)))
                .Select(static parameter => Names.Escape(parameter.Name))
                .ToEquatableArray(),
            Name(method, MethodParser.IsOptions),
            Name(method, MethodParser.IsTarget),
            launcher,
            HasResult: result is not null,
            attribute.Isolation);
    }

    private static string? Name(IMethodSymbol method, Func<IParameterSymbol, bool> isSpecial)
        => method.Parameters.FirstOrDefault(isSpecial) is { } parameter ? Names.Escape(parameter.Name) : null;
}
