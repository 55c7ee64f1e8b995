using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NsGen.Analyzers.RawCalls;

/// <summary>
/// Whether a compilation declares a P/Invoke of a libc function that some rule reads. Asked once per compilation, before any rule
/// registers, and nearly always answered no; so it may cost next to nothing. An operation action would make the driver bind every
/// method body, a syntax-node action would make it walk every node. This searches the text, and parses attributes only in the files where
/// the text has one.
/// </summary>
internal static class ImportScan
{
    private const string DllImport = "DllImport";
    private const string LibraryImport = "LibraryImport";

    private static readonly string[] s_words = [DllImport, LibraryImport];

    /// <summary>Adds the C# names of the P/Invokes to <paramref name="methodNames"/>; false if there is none.</summary>
    public static bool Find(Compilation compilation, HashSet<string> methodNames, CancellationToken cancellationToken)
    {
        bool found = false;
        foreach (SyntaxTree tree in TextSearch.FilesWith(compilation, s_words, cancellationToken))
        {
            found |= FindInTree(tree.GetRoot(cancellationToken), methodNames);
        }

        return found;
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
