using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Generator.Parse;

namespace NsGen.Analyzers.Declaration;

/// <summary>
/// NSG001, NSG003, NSG004, NSG005, NSG009, NSG011: all for which the generator writes a launcher that throws, found by the generator's
/// own source, and what the generator never gets to see.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("Which type can carry the value is the programmer's to say.", RuleId = RuleIds.ParameterCannotCross)]
[NoCodeFix("Which type can carry the result is the programmer's to say.", RuleId = RuleIds.ResultCannotCross)]
[NoCodeFix("No value can be guessed.", RuleId = RuleIds.OptionOutOfRange)]
[NoCodeFix("Which types are meant is known at the calls only.", RuleId = RuleIds.GenericIsolatedMethod)]
public sealed class InvalidDeclarationAnalyzer : DeclarationAnalyzer
{
    /// <summary>Diagnostic property: the modifiers to add, separated by spaces.</summary>
    internal const string MissingModifiers = "MissingModifiers";

    private const string ThrowsWhenCalled = "'{0}' cannot run isolated, so a call of it throws. {1}.";

    private static readonly DiagnosticDescriptor s_shape = RuleDescriptors.Create(
        RuleIds.IsolatedMethodShape,
        DiagnosticSeverity.Error,
        "An isolated method must be static and partial, with an access modifier and without a body",
        "'{0}' cannot run isolated as it is declared. {1}.",
        "The generator writes the other part of the method. Without 'partial' it can write none; without an access modifier C# removes the calls of a void method that has no other part.");

    private static readonly DiagnosticDescriptor s_body = RuleDescriptors.Create(
        RuleIds.BodyMethodMissing,
        DiagnosticSeverity.Error,
        "An isolated method needs a body to run",
        ThrowsWhenCalled,
        "The body is a static method of the same type, called like the isolated method with Core at its end or as Body says, with the same parameters and result.");

    private static readonly DiagnosticDescriptor s_parameter = RuleDescriptors.Create(
        RuleIds.ParameterCannotCross,
        DiagnosticSeverity.Error,
        "A parameter cannot cross to where the body runs",
        ThrowsWhenCalled,
        "The body runs in another process, or on another thread. References, pointers, delegates and open things of this process mean nothing there.");

    private static readonly DiagnosticDescriptor s_result = RuleDescriptors.Create(
        RuleIds.ResultCannotCross,
        DiagnosticSeverity.Error,
        "A result cannot come back from where the body runs",
        ThrowsWhenCalled,
        "The body runs in another process, or on another thread. References, pointers, delegates and open things of that process mean nothing here.");

    private static readonly DiagnosticDescriptor s_option = RuleDescriptors.Create(
        RuleIds.OptionOutOfRange,
        DiagnosticSeverity.Error,
        "A value in the attribute is out of range",
        ThrowsWhenCalled,
        "The runtime checks every option before it starts anything, and refuses these.");

    private static readonly DiagnosticDescriptor s_generic = RuleDescriptors.Create(
        RuleIds.GenericIsolatedMethod,
        DiagnosticSeverity.Error,
        "An isolated method must not be generic",
        ThrowsWhenCalled,
        "The child is told by name which body to run, and cannot know the type arguments the caller chose. In thread mode, where nothing is sent, a method may be generic.");

    /// <summary>Creates the analyzer.</summary>
    public InvalidDeclarationAnalyzer()
        : base(s_shape, s_body, s_parameter, s_result, s_option, s_generic)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, IsolatedFiles files)
    {
        base.Register(context, files);
        context.RegisterSymbolAction(
            symbol =>
            {
                if (symbol.Symbol is IMethodSymbol { MethodKind: not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation) } method
                    && method.PartialDefinitionPart is null
                    && files.Contain(method))
                {
                    ReportIfIsolated(method, files.Attribute, symbol.ReportDiagnostic);
                }
            },
            SymbolKind.Method);
        context.RegisterOperationAction(
            operation =>
            {
                IMethodSymbol function = operation.Operation is ILocalFunctionOperation local
                    ? local.Symbol
                    : ((IAnonymousFunctionOperation)operation.Operation).Symbol;
                if (files.Contain(function))
                {
                    ReportIfIsolated(function, files.Attribute, operation.ReportDiagnostic);
                }
            },
            OperationKind.LocalFunction,
            OperationKind.AnonymousFunction);
    }

    private protected override void Analyze(SymbolAnalysisContext context, IsolatedDeclaration declaration)
    {
        IMethodSymbol method = declaration.Method;
        if (method.MethodKind is not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation))
        {
            return;
        }

        Problem[] problems = [.. DeclarationChecks.Find(method, declaration.Syntax, declaration.Attribute, context.Compilation)];
        ReportShape(context, declaration, problems);
        if (!declaration.AwaitsImplementation)
        {
            return; // what it is meant to be is known when it has the shape
        }

        bool isGeneric = Array.Exists(problems, static problem => problem.Kind == ProblemKind.Generic);
        foreach (Problem problem in problems.Where(problem => problem.Kind != ProblemKind.Shape && !(isGeneric && FollowsFromGeneric(problem))))
        {
            (DiagnosticDescriptor rule, Location location) = problem.Kind switch
            {
                ProblemKind.Generic => (s_generic, AtTypeParameters(declaration)),
                ProblemKind.Parameter => (s_parameter, At(problem.Parameter, context.CancellationToken) ?? declaration.Syntax.Identifier.GetLocation()),
                ProblemKind.Result => (s_result, declaration.Syntax.ReturnType.GetLocation()),
                ProblemKind.Body => (s_body, declaration.Attribute.Body is null
                    ? declaration.Syntax.Identifier.GetLocation()
                    : declaration.At(nameof(AttributeParser.Body))),
                _ => (s_option, declaration.At(problem.Option == "Namespaces" && IsKnown(declaration.Created) ? "Join" : problem.Option)),
            };
            Report(context, rule, location, method, problem.Reason);
        }

        foreach ((string option, string reason) in OptionValues.Find(declaration))
        {
            Report(context, s_option, declaration.At(option), method, reason);
        }
    }

    /// <summary>A value of type T cannot cross, and a body with type parameters is not looked for: said once, at the type parameters.</summary>
    private static bool FollowsFromGeneric(Problem problem) => problem.Kind is ProblemKind.Parameter or ProblemKind.Result or ProblemKind.Body;

    private static void ReportShape(SymbolAnalysisContext context, IsolatedDeclaration declaration, Problem[] problems)
    {
        MethodDeclarationSyntax syntax = declaration.Syntax;
        List<string> reasons = [.. problems.Where(static problem => problem.Kind == ProblemKind.Shape).Select(static problem => problem.Reason)];
        List<string> missing = [];
        bool hasAccess = syntax.Modifiers.Any(static token => token.Kind()
            is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.PrivateKeyword);
        bool isPartial = syntax.Modifiers.Any(SyntaxKind.PartialKeyword);
        if (!hasAccess)
        {
            reasons.Add("It must have an access modifier: without one its calls vanish silently where the generator does not run.");
            missing.Add(!isPartial && declaration.Method.DeclaredAccessibility == Accessibility.Public ? "public" : "private");
        }

        if (!declaration.Method.IsStatic && (!declaration.Attribute.IsThread || declaration.Method.ContainingType.TypeKind == TypeKind.Struct))
        {
            missing.Add("static");
        }

        if (!isPartial)
        {
            reasons.Add("It must be partial: the generator writes its other part.");
            missing.Add("partial");
        }

        bool hasBody = syntax.Body is not null || syntax.ExpressionBody is not null;
        if (hasBody || (isPartial && declaration.Method.PartialImplementationPart is not null && !declaration.AwaitsImplementation))
        {
            reasons.Add("It must have no body of its own: move it to the method that is to run, "
                + $"{BodyFinder.NameOf(declaration.Method, declaration.Attribute)}.");
            missing.Clear();
        }

        if (reasons.Count == 0)
        {
            return;
        }

        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty;
        context.ReportDiagnostic(Diagnostic.Create(
            s_shape,
            syntax.Identifier.GetLocation(),
            missing.Count == 0 ? properties : properties.Add(MissingModifiers, string.Join(" ", missing)),
            declaration.Method.Name,
            string.Join(" ", reasons).TrimEnd('.')));
    }

    private static void ReportIfIsolated(IMethodSymbol method, INamedTypeSymbol attribute, Action<Diagnostic> report)
    {
        if (IsolatedDeclaration.Find(method, attribute)?.ApplicationSyntaxReference is { } written)
        {
            report(Diagnostic.Create(
                s_shape,
                Location.Create(written.SyntaxTree, written.Span),
                method.Name,
                "Only a method of a type can be partial, and the generator has to write the other part: declare such a method"));
        }
    }

    private static void Report(SymbolAnalysisContext context, DiagnosticDescriptor rule, Location location, IMethodSymbol method, string reason)
        => context.ReportDiagnostic(Diagnostic.Create(rule, location, method.Name, reason.TrimEnd('.')));

    private static bool IsKnown(int bits) => (unchecked((uint)bits) & ~NsGen.Launch.CloneFlagRules.NamespaceMask) == 0;

    private static Location AtTypeParameters(IsolatedDeclaration declaration)
        => declaration.Syntax.TypeParameterList?.GetLocation() ?? declaration.Syntax.Identifier.GetLocation();

    private static Location? At(IParameterSymbol? parameter, CancellationToken cancellationToken)
        => parameter?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) is ParameterSyntax { Type: not null } syntax
            ? Location.Create(
                syntax.SyntaxTree,
                Microsoft.CodeAnalysis.Text.TextSpan.FromBounds(
                    syntax.Modifiers.Count > 0 ? syntax.Modifiers[0].SpanStart : syntax.Type.SpanStart, syntax.Identifier.Span.End))
            : null;
}
