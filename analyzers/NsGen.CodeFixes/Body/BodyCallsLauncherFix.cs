using System.Composition;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers;
using NsGen.Analyzers.Body;
using NsGen.Generator.Parse;

namespace NsGen.CodeFixes.Body;

/// <summary>
/// NSG304: calls the body. Not where the call is always reached: without end is no better in one process than in many.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class BodyCallsLauncherFix : RuleFix
{
    /// <summary>Creates the fixer.</summary>
    public BodyCallsLauncherFix()
        : base(RuleIds.BodyCallsLauncher)
    {
    }

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (context.Diagnostics[0].Properties.ContainsKey(BodyCallsLauncherAnalyzer.MayEndProperty)
            && root?.FindNode(context.Span, getInnermostNodeForTie: true) is InvocationExpressionSyntax call
            && model?.GetOperation(call, context.CancellationToken) is IInvocationOperation operation
            && BodyOf(operation.TargetMethod, model.Compilation, context.CancellationToken) is { } body
            && Rename(call.Expression, body, operation.TargetMethod) is { } name
            && ArgumentsFor(call.ArgumentList, body, operation) is { } arguments)
        {
            InvocationExpressionSyntax direct = call.WithExpression(name).WithArgumentList(arguments);
            Offer(
                context,
                string.Format(CultureInfo.InvariantCulture, "Call {0}", body.Name),
                nameof(BodyCallsLauncherFix),
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(call, direct))));
        }
    }

    private static IMethodSymbol? BodyOf(IMethodSymbol called, Compilation compilation, CancellationToken cancellationToken)
    {
        IMethodSymbol launcher = called.PartialDefinitionPart ?? called;
        IMethodSymbol? body = IsolatedMethods.TryGet(compilation, cancellationToken)?.Of(launcher.ContainingType, cancellationToken)
            .FirstOrDefault(isolated => SymbolEqualityComparer.Default.Equals(isolated.Launcher, launcher))?.Body;
        return body is { IsGenericMethod: false } && SymbolEqualityComparer.Default.Equals(body.ReturnType, launcher.ReturnType)
            ? body
            : null;
    }

    private static ExpressionSyntax? Rename(ExpressionSyntax expression, IMethodSymbol body, IMethodSymbol launcher)
    {
        SyntaxToken name = SyntaxFactory.Identifier(body.Name);
        return expression switch
        {
            IdentifierNameSyntax simple => simple.WithIdentifier(name.WithTriviaFrom(simple.Identifier)),
            MemberAccessExpressionSyntax { Name: IdentifierNameSyntax simple } access when body.IsStatic == launcher.IsStatic
                => access.WithName(simple.WithIdentifier(name.WithTriviaFrom(simple.Identifier))),
            _ => null,
        };
    }

    /// <summary>Without those that are for the launch alone; null if the rest does not fit the body.</summary>
    private static ArgumentListSyntax? ArgumentsFor(ArgumentListSyntax list, IMethodSymbol body, IInvocationOperation call)
    {
        bool takesToken = body.Parameters.Any(MethodParser.IsCancellationToken);
        SeparatedSyntaxList<ArgumentSyntax> arguments = list.Arguments;
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter is not { } parameter || argument.ArgumentKind == ArgumentKind.ParamArray)
            {
                return null;
            }

            bool isExplicit = argument.ArgumentKind == ArgumentKind.Explicit;
            if (MethodParser.IsForLaunch(parameter) || (MethodParser.IsCancellationToken(parameter) && !takesToken))
            {
                arguments = isExplicit ? arguments.RemoveAt(arguments.IndexOf(a => a.Span == argument.Syntax.Span)) : arguments;
                continue;
            }

            bool isNamed = (argument.Syntax as ArgumentSyntax)?.NameColon is not null;
            if ((isNamed || !isExplicit) && !body.Parameters.Any(its => its.Name == parameter.Name && (isExplicit || its.IsOptional)))
            {
                return null;
            }
        }

        return list.WithArguments(arguments);
    }
}
