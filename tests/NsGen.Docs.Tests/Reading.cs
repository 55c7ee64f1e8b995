using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NsGen.Docs.Tests;

/// <summary>One way to read a block of C# that stands alone.</summary>
/// <param name="Code">A whole file.</param>
/// <param name="IsProgram">Whether it has a Main.</param>
internal sealed record Reading(string Code, bool IsProgram)
{
    /// <summary>
    /// As a program, as types, as members of a class, and as the body of a method. What the block's comment declares are further members of
    /// that class where it ends like one, else the parameters of that method.
    /// </summary>
    public static IEnumerable<Reading> Of(Block block)
    {
        SyntaxList<UsingDirectiveSyntax> usings = SyntaxFactory.ParseCompilationUnit(block.Text).Usings;
        string rest = block.Text[usings.FullSpan.End..];
        bool givesMembers = block.Given?[^1] is ';' or '}';
        if (block.Given is null)
        {
            yield return new(block.Text, true);
            yield return new(block.Text, false);
        }

        if (block.Given is null || givesMembers)
        {
            yield return new($"{usings.ToFullString()}\ninternal static unsafe partial class Example\n{{\n{rest}\n{block.Given}\n}}", false);
            yield return new($"{usings.ToFullString()}\npublic sealed partial class Example\n{{\n{rest}\n{block.Given}\n}}", false);
        }

        if (givesMembers)
        {
            // Or further types.
            yield return new($"{block.Text}\n{block.Given}", false);
            yield break;
        }

        yield return new(Method(usings, block.Given, rest, "async Task", "await Task.Yield();"), false);
        yield return new(Method(usings, block.Given, rest, "unsafe void", ""), false);
    }

    private static string Method(SyntaxList<UsingDirectiveSyntax> usings, string? parameters, string body, string signature, string end)
        => $"{usings.ToFullString()}\ninternal static partial class Example\n{{\npublic static {signature} Run({parameters})\n{{\n{body}\n{end}\n}}\n}}";
}
