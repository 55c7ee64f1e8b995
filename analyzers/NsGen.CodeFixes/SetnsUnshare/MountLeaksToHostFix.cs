using System.Composition;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NsGen.Analyzers;
using NsGen.Analyzers.RawCalls;
using NsGen.CodeFixes.CloneFlags;

namespace NsGen.CodeFixes.SetnsUnshare;

/// <summary>NSG207: inserts a call of the same mount that makes all mounts private.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class MountLeaksToHostFix : RuleFix
{
    private const int Parameters = 5;

    /// <summary>The path has to be pinned by fixed.</summary>
    private const string Pinned = "";

    /// <summary>Creates the fixer.</summary>
    public MountLeaksToHostFix()
        : base(RuleIds.MountLeaksToHost)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (model is null
            || root?.FindNode(context.Span, getInnermostNodeForTie: true) is not InvocationExpressionSyntax mount
            || model.GetSymbolInfo(mount, context.CancellationToken).Symbol is not IMethodSymbol { Parameters.Length: Parameters } method
            || StatementBefore.Of(mount) is not { } statement
            || RawCallReader.TryGet(model.Compilation, context.Document.Project.AnalyzerOptions, context.CancellationToken) is not { } reader
            || reader.GetDirectCallee(method) is not { } callee
            || callee.Function != RawFunction.Mount
            || !ResultIgnoredFix.CanBeMinusOne(method.ReturnType)
            || Build(mount, method, statement, model, callee.SetsLastError, ResultIgnoredFix.EndOfLine(root)) is not { } inserted)
        {
            return;
        }

        Offer(
            context,
            "Make all mounts private first",
            nameof(MountLeaksToHostFix),
            _ => Task.FromResult(context.Document.WithSyntaxRoot(
                StatementBefore.Insert(root, statement, inserted, ResultIgnoredFix.EndOfLine(root)))));
    }

    private static StatementSyntax? Build(
        InvocationExpressionSyntax mount, IMethodSymbol method, StatementSyntax statement, SemanticModel model, bool setsLastError, string eol)
    {
        if (((CSharpParseOptions)mount.SyntaxTree.Options).LanguageVersion < LanguageVersion.CSharp11
            || Target(method.Parameters[1].Type) is not { } target
            || Absent(method.Parameters[0].Type) is not { } source
            || Absent(method.Parameters[2].Type) is not { } fileSystem
            || Absent(method.Parameters[4].Type) is not { } data)
        {
            return null;
        }

        bool pinned = target == Pinned;
        string root = UnusedName(model, mount);
        ExpressionSyntax flags = Flags(method, mount, model);
        ExpressionSyntax Call(string at) => mount
            .WithArgumentList(SyntaxFactory.ParseArgumentList($"({source}, {at}, {fileSystem}, FLAGS, {data})"))
            .WithoutTrivia();
        ExpressionSyntax WithFlags(ExpressionSyntax call) => call.ReplaceNode(
            call.DescendantNodes().OfType<IdentifierNameSyntax>().Last(static n => n.Identifier.ValueText == "FLAGS"), flags);

        // What the compiler would not take is not offered.
        ExpressionSyntax probe = WithFlags(Call(pinned ? "null" : target));
        if (!SymbolEqualityComparer.Default.Equals(
            model.GetSpeculativeSymbolInfo(mount.SpanStart, probe, SpeculativeBindingOption.BindAsExpression).Symbol, method))
        {
            return null;
        }

        StatementSyntax throwing = StatementBefore.Throwing(statement, mount, WithFlags(Call(pinned ? root : target)), setsLastError, eol);
        if (!pinned)
        {
            return throwing;
        }

        var block = (FixedStatementSyntax)SyntaxFactory.ParseStatement(
            string.Join(eol, $"fixed (byte* {root} = \"/\"u8)", "{", "}", ""));
        return block.WithStatement(((BlockSyntax)block.Statement).AddStatements(throwing));
    }

    /// <summary>"/" as that type.</summary>
    private static string? Target(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_String } => "\"/\"",
        IPointerTypeSymbol { PointedAtType.SpecialType: SpecialType.System_Byte or SpecialType.System_Void } => Pinned,
        IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Byte } => "\"/\\0\"u8.ToArray()",
        INamedTypeSymbol { Name: "ReadOnlySpan", TypeArguments.Length: 1 } span when span.TypeArguments[0].SpecialType == SpecialType.System_Byte =>
            "\"/\"u8",
        _ => null,
    };

    /// <summary>An argument the kernel does not read when it changes propagation.</summary>
    private static string? Absent(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_String, NullableAnnotation: NullableAnnotation.NotAnnotated } => "\"none\"",
        { SpecialType: SpecialType.System_String or SpecialType.System_Object } or IPointerTypeSymbol => "null",
        IArrayTypeSymbol { NullableAnnotation: NullableAnnotation.NotAnnotated } => "[]",
        IArrayTypeSymbol => "null",
        { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => "0",
        INamedTypeSymbol { Name: "ReadOnlySpan" } => "default",
        _ => null,
    };

    private static ExpressionSyntax Flags(IMethodSymbol method, InvocationExpressionSyntax mount, SemanticModel model)
    {
        ITypeSymbol type = method.Parameters[3].Type;
        ExpressionSyntax recursive = FlagExpressions.Name(type, method.ContainingType, mount.SpanStart, model, "MS_REC", LibCConstants.MsRec);
        ExpressionSyntax isPrivate = FlagExpressions.Name(type, method.ContainingType, mount.SpanStart, model, "MS_PRIVATE", LibCConstants.MsPrivate);
        return recursive is LiteralExpressionSyntax
            ? SyntaxFactory.ParseExpression(string.Format(
                CultureInfo.InvariantCulture, "0x{0:x} /* MS_REC | MS_PRIVATE */", LibCConstants.MsRec | LibCConstants.MsPrivate))
            : SyntaxFactory.BinaryExpression(
                SyntaxKind.BitwiseOrExpression,
                recursive.WithTrailingTrivia(SyntaxFactory.Space),
                SyntaxFactory.Token(SyntaxKind.BarToken).WithTrailingTrivia(SyntaxFactory.Space),
                isPrivate);
    }

    private static string UnusedName(SemanticModel model, InvocationExpressionSyntax mount)
    {
        HashSet<string> used = [.. mount.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.DescendantTokens().Select(static t => t.ValueText) ?? []];
        string name = "root";
        for (int i = 2; used.Contains(name) || !model.LookupSymbols(mount.SpanStart, name: name).IsEmpty; i++)
        {
            name = "root" + i.ToString(CultureInfo.InvariantCulture);
        }

        return name;
    }
}
