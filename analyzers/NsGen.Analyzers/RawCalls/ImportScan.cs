using System.Buffers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NsGen.Analyzers.RawCalls;

/// <summary>
/// Whether a compilation declares a P/Invoke of a libc function that some rule reads. Asked once per compilation, before any rule
/// registers, and nearly always answered no; so it may cost next to nothing. An operation action would make the driver bind every
/// method body, a syntax-node action would make it walk every node. This searches the text, about 1 ms per 100,000 lines, and
/// parses attributes only in the files where the text has one.
/// </summary>
internal static class ImportScan
{
    private const string DllImport = "DllImport";
    private const string LibraryImport = "LibraryImport";
    private const int BufferLength = 32 * 1024;

    /// <summary>Adds the C# names of the P/Invokes to <paramref name="methodNames"/>; false if there is none.</summary>
    public static bool Find(Compilation compilation, HashSet<string> methodNames, CancellationToken cancellationToken)
    {
        char[] buffer = ArrayPool<char>.Shared.Rent(BufferLength);
        bool found = false;
        try
        {
            foreach (SyntaxTree tree in compilation.SyntaxTrees)
            {
                if (MentionsImport(tree.GetText(cancellationToken), buffer))
                {
                    found |= FindInTree(tree.GetRoot(cancellationToken), methodNames);
                }
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }

        return found;
    }

    private static bool MentionsImport(SourceText text, char[] buffer)
    {
        // Windows overlap, so that a name cut by the end of one is whole in the next.
        const int Overlap = 16;
        for (int start = 0; start < text.Length; start += BufferLength - Overlap)
        {
            int count = Math.Min(BufferLength, text.Length - start);
            text.CopyTo(start, buffer, 0, count);
            ReadOnlySpan<char> window = buffer.AsSpan(0, count);
            if (window.IndexOf(DllImport.AsSpan()) >= 0 || window.IndexOf(LibraryImport.AsSpan()) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool FindInTree(SyntaxNode root, HashSet<string> methodNames)
    {
        bool found = false;
        foreach (SyntaxNode node in root.DescendantNodes(static n => n is not ExpressionSyntax || n is AnonymousFunctionExpressionSyntax))
        {
            switch (node)
            {
                // using Import = …DllImportAttribute; the attributes then carry a name we do not know, so every body is read.
                case UsingDirectiveSyntax { Alias: not null, Name: { } target } when IsImport(target):
                    found = true;
                    break;
                case AttributeSyntax attribute when IsImport(attribute.Name):
                    string? method = attribute.Parent?.Parent switch
                    {
                        MethodDeclarationSyntax declaration => declaration.Identifier.ValueText,
                        LocalFunctionStatementSyntax declaration => declaration.Identifier.ValueText,
                        _ => null,
                    };
                    if (method is not null && MayImportKnownFunction(attribute, method))
                    {
                        methodNames.Add(method);
                        found = true;
                    }

                    break;
            }
        }

        return found;
    }

    private static bool IsImport(NameSyntax name)
    {
        string identifier = name switch
        {
            QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
            AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
            SimpleNameSyntax simple => simple.Identifier.ValueText,
            _ => "",
        };
        return identifier is DllImport or LibraryImport or "DllImportAttribute" or "LibraryImportAttribute";
    }

    private static bool MayImportKnownFunction(AttributeSyntax attribute, string methodName)
    {
        if (attribute.ArgumentList is null)
        {
            return false;
        }

        string entryPoint = methodName;
        foreach (AttributeArgumentSyntax argument in attribute.ArgumentList.Arguments)
        {
            if (argument.NameEquals is null)
            {
                // [DllImport("kernel32")]: no later look is needed. A constant's value is not known here, and is checked when bound.
                if (argument.Expression is LiteralExpressionSyntax library && !RawCallReader.IsLibC(library.Token.ValueText))
                {
                    return false;
                }
            }
            else if (argument.NameEquals.Name.Identifier.ValueText == "EntryPoint")
            {
                if (argument.Expression is not LiteralExpressionSyntax literal)
                {
                    return true;
                }

                entryPoint = literal.Token.ValueText;
            }
        }

        return RawFunction.IsKnown(entryPoint);
    }
}
