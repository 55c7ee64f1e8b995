using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NsGen.Generator.Model;

namespace NsGen.Generator.Parse;

/// <summary>Finds the method that runs in the child.</summary>
internal static class BodyFinder
{
    /// <summary>Its name, whether or not there is one.</summary>
    public static string NameOf(IMethodSymbol method, AttributeParser attribute) => attribute.Body ?? method.Name + "Core";

    /// <summary>The body, before others the one that takes the token.</summary>
    public static IMethodSymbol? Find(IMethodSymbol method, AttributeParser attribute, Compilation compilation)
    {
        (Launcher launcher, ITypeSymbol? result) = Results.OfLauncher(method);
        IParameterSymbol[] parameters = [.. method.Parameters.Where(static parameter => !MethodParser.IsForLaunch(parameter))];
        IParameterSymbol[] withoutToken = [.. parameters.Where(static parameter => !MethodParser.IsCancellationToken(parameter))];
        IMethodSymbol[] candidates =
        [
            .. method.ContainingType.GetMembers(NameOf(method, attribute)).OfType<IMethodSymbol>().Where(candidate =>
                candidate is { RefKind: RefKind.None, MethodKind: MethodKind.Ordinary }
                    && (attribute.IsThread ? candidate.IsStatic || !method.IsStatic : candidate is { IsStatic: true, IsGenericMethod: false })
                    && !SymbolEqualityComparer.Default.Equals(candidate, method)
                    && (HasResult(candidate, launcher, result, compilation) || attribute.IsThread)),
        ];
        if (attribute.IsThread)
        {
            // Whatever crosses a thread is a matter of the compiler's: generic methods, references.
            return candidates.FirstOrDefault(candidate => candidate.Parameters.Length == parameters.Length)
                ?? candidates.FirstOrDefault(candidate => candidate.Parameters.Length == withoutToken.Length);
        }

        return candidates.FirstOrDefault(candidate => HasParameters(candidate, parameters, compilation))
            ?? candidates.FirstOrDefault(candidate => HasParameters(candidate, withoutToken, compilation));
    }

    public static string DescribeMissing(IMethodSymbol method, AttributeParser attribute)
    {
        (Launcher launcher, ITypeSymbol? result) = Results.OfLauncher(method);
        string parameters = string.Join(", ", method.Parameters
            .Where(static parameter => !MethodParser.IsForLaunch(parameter))
            .Select(static parameter => $"{Names.Plain(parameter.Type)} {Names.Escape(parameter.Name)}"));
        string returns = launcher == Launcher.Streams ? Names.Plain(method.ReturnType) : result is null ? launcher == Launcher.Awaits ? "System.Threading.Tasks.Task" : "void" : Names.Plain(result);
        string name = Names.Escape(NameOf(method, attribute));
        return $"There is no body to run: declare 'static {returns} {name}({parameters})' in {Names.Plain(method.ContainingType)}.";
    }

    private static bool HasParameters(IMethodSymbol candidate, IParameterSymbol[] parameters, Compilation compilation)
        => candidate.Parameters.Length == parameters.Length
            && candidate.Parameters.Zip(parameters, (its, wanted) =>
                its.RefKind is RefKind.None or RefKind.In && AreSame(its.Type, wanted.Type, compilation)).All(static same => same);

    /// <summary>
    /// Whether a body gives what the launcher returns, at once or by a task. The exit code of a process may be given by an int.
    /// </summary>
    private static bool HasResult(IMethodSymbol candidate, Launcher launcher, ITypeSymbol? result, Compilation compilation)
    {
        (_, ITypeSymbol? given) = Results.OfBody(candidate);
        return (given, result) switch
        {
            (null, null) => true,
            ({ SpecialType: SpecialType.System_Int32 }, null) => launcher == Launcher.Starts,
            (not null, not null) => AreSame(given, result, compilation),
            _ => false,
        };
    }

    /// <summary>The same type but for nullable annotations and names of tuple elements.</summary>
    private static bool AreSame(ITypeSymbol left, ITypeSymbol right, Compilation compilation)
        => compilation.ClassifyConversion(left, right).IsIdentity;
}
