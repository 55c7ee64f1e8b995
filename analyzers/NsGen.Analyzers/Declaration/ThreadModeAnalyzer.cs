using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Generator.Parse;
using NsGen.Launch;

namespace NsGen.Analyzers.Declaration;

/// <summary>NSG006, NSG007: what a thread of a running process cannot do.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("To make the body synchronous, or the mode a process, changes what the program does.", RuleId = RuleIds.AsyncThreadBody)]
public sealed class ThreadModeAnalyzer : DeclarationAnalyzer
{
    private static readonly DiagnosticDescriptor s_namespace = RuleDescriptors.Create(
        RuleIds.NamespaceNeedsProcess,
        DiagnosticSeverity.Error,
        "A thread cannot have a User, Pid or Time namespace of its own",
        "'{0}' asks for {1} in thread mode, which the kernel gives to a new process only, so every call throws. Remove Mode.",
        "unshare and setns refuse User and Time to one thread of a process that has several, and Pid moves only children born later.");

    private static readonly DiagnosticDescriptor s_async = RuleDescriptors.Create(
        RuleIds.AsyncThreadBody,
        DiagnosticSeverity.Error,
        "The body of a thread-mode method must not be asynchronous",
        "'{0}' is asynchronous and '{1}' runs it on a thread of its own: after an await it would go on on another thread, outside the namespace. Return the result itself, or remove Mode.",
        "A namespace belongs to the thread that entered it. What follows an await runs on a thread of the pool, which has the namespaces of the process.");

    /// <summary>Creates the analyzer.</summary>
    public ThreadModeAnalyzer()
        : base(s_namespace, s_async)
    {
    }

    private protected override void Analyze(SymbolAnalysisContext context, IsolatedDeclaration declaration)
    {
        if (!declaration.Attribute.IsThread)
        {
            return;
        }

        const int Impossible = unchecked((int)(CloneFlagRules.NewUser | CloneFlagRules.NewPid | CloneFlagRules.NewTime));
        int impossible = (declaration.Created | declaration.Joined) & Impossible;
        if (impossible != 0 && declaration.Argument("Mode") is { } mode)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_namespace, mode.GetLocation(), declaration.Method.Name, declaration.FlagNames(impossible)));
        }

        if (declaration.AwaitsImplementation
            && declaration.FindBody(context.Compilation) is { } body
            && (body.IsAsync || Results.OfBody(body).Awaiting != Generator.Model.Awaiting.None))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_async, body.Locations.FirstOrDefault() ?? declaration.At(null), body.Name, declaration.Method.Name));
        }
    }
}
