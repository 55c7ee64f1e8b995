namespace NsGen.Generator.Model;

/// <summary>One isolated method: all that Emit needs to know, and nothing that Roslyn made.</summary>
/// <param name="Assembly">Simple name of the assembly that declares it.</param>
/// <param name="Id">Its name among the methods of the assembly, such as <c>Demo.Greet(string)</c>.</param>
/// <param name="Container">Where it is declared.</param>
/// <param name="Signature">How it is declared.</param>
/// <param name="Call">What it does.</param>
internal sealed record MethodModel(string Assembly, string Id, ContainerModel Container, SignatureModel Signature, CallModel Call);

/// <summary>A method and the name of its generated file.</summary>
internal sealed record FileModel(string HintName, MethodModel Method);

/// <summary>Where a method is declared.</summary>
/// <param name="Namespace">Null for the global one.</param>
/// <param name="Types">The types around it, from the outermost inwards.</param>
/// <param name="Path">The innermost type as code anywhere names it.</param>
/// <param name="Entry">The child's side as code outside the types may name it, or null where there is none.</param>
internal sealed record ContainerModel(string? Namespace, EquatableArray<TypeModel> Types, string Path, string? Entry);

/// <param name="Declaration">Such as <c>static partial class Demo</c>.</param>
/// <param name="Forwarder">Where code outside must go through this type to reach the child's side.</param>
internal sealed record TypeModel(string Declaration, ForwarderModel? Forwarder);

/// <summary>A method that lets code outside a type call what is in a private type nested in it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Target">What it calls.</param>
internal sealed record ForwarderModel(string Name, string Target);

/// <param name="Modifiers">All but <c>partial</c>, which comes last, and <c>async</c>.</param>
/// <param name="ReturnType">With <c>ref</c>, if any.</param>
/// <param name="Name">Escaped, with type parameters.</param>
/// <param name="Parameters">All, special ones too.</param>
/// <param name="Constraints">Those of its type parameters, each as a clause.</param>
/// <param name="IsDocumented">Whether the defining part has a documentation comment, which one here would replace.</param>
internal sealed record SignatureModel(
    string Modifiers,
    string ReturnType,
    string Name,
    EquatableArray<ParameterModel> Parameters,
    EquatableArray<string> Constraints,
    bool IsDocumented);

/// <param name="Modifiers">Such as <c>params</c>, or empty.</param>
/// <param name="Type">Fully qualified.</param>
/// <param name="Name">Escaped.</param>
internal sealed record ParameterModel(string Modifiers, string Type, string Name);
