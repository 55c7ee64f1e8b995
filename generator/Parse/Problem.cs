using Microsoft.CodeAnalysis;

namespace NsGen.Generator.Parse;

/// <summary>Why a declaration is invalid: the launcher throws, and an analyzer reports an error.</summary>
/// <param name="Kind">What is at fault.</param>
/// <param name="Reason">A sentence that says why and what to do.</param>
/// <param name="Parameter">The parameter at fault, if it is one.</param>
/// <param name="Option">The property of the attribute at fault, if it is one.</param>
internal sealed record Problem(ProblemKind Kind, string Reason, IParameterSymbol? Parameter = null, string? Option = null);

internal enum ProblemKind
{
    /// <summary>A modifier of the method.</summary>
    Shape,

    /// <summary>A type parameter.</summary>
    Generic,
    Parameter,
    Result,

    /// <summary>The method that is to run in the child.</summary>
    Body,

    /// <summary>A value in the attribute.</summary>
    Option,
}
