using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.RawCalls;

namespace NsGen.Analyzers.SetnsUnshare;

/// <summary>NSG209: gid_map is written while setgroups is still allowed in the user namespace.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("Which directory of /proc setgroups is written in, and by what means, is the program's own design.")]
public sealed class GidMapBeforeSetgroupsAnalyzer : RawCallAnalyzer
{
    private const string GidMap = "/gid_map";
    private const string Setgroups = "/setgroups";

    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.GidMapBeforeSetgroups,
        DiagnosticSeverity.Warning,
        "gid_map is written before setgroups is denied",
        "'{0}' writes '{1}' while setgroups is allowed: without CAP_SETGID in the parent namespace the kernel refuses it with EPERM. Write \"deny\" to /proc/PID/setgroups first.",
        "An unprivileged process may map its group only after setgroups is denied for good: dropping a group by setgroups could otherwise give access that the group was meant to deny.");

    /// <summary>Creates the analyzer.</summary>
    public GidMapBeforeSetgroupsAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, RawCallReader reader) =>
        context.RegisterOperationAction(operation => Analyze(operation, reader), OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context, RawCallReader reader)
    {
        var invocation = (IInvocationOperation)context.Operation;
        if (ReadWrite(invocation, reader) is { } write
            && write.Path.StartsWith("/proc/")
            && write.Path.EndsWith(GidMap)
            && !NeedsPrivilege(PathText.Read(write.Content, reader))
            && Preparation.IsMissing(invocation, context.GetControlFlowGraph(), reader, i => MayDenySetgroups(i, reader), context.CancellationToken))
        {
            context.ReportDiagnostic(
                Diagnostic.Create(s_rule, invocation.Syntax.GetLocation(), invocation.TargetMethod.Name, write.Path.ToString()));
        }
    }

    /// <summary>
    /// Several lines, or a range of more than one id: only a privileged process may map these, and it need not deny setgroups
    /// (new_idmap_permitted in kernel/user_namespace.c).
    /// </summary>
    private static bool NeedsPrivilege(PathText map)
    {
        string tail = map.Tail.TrimEnd('\n');
        int space = tail.LastIndexOfAny([' ', '\t']);
        return tail.Contains('\n') || (space >= 0 && tail.Substring(space + 1) is not ("1" or ""));
    }

    private static bool MayDenySetgroups(IInvocationOperation invocation, RawCallReader reader)
    {
        if (ReadWrite(invocation, reader) is not { } write)
        {
            return false;
        }

        // $"/proc/{pid}/{file}", or a path of which nothing is known, may be setgroups.
        string tail = write.Path.Tail;
        bool maybe = write.Path.IsWhole || tail.Length >= Setgroups.Length
            ? write.Path.EndsWith(Setgroups)
            : Setgroups.EndsWith(tail, StringComparison.Ordinal);
        return maybe && PathText.Read(write.Content, reader) is not { IsWhole: true, Head: "allow" or "allow\n" };
    }

    /// <summary>A write to a file: where to, and what. Null if the call is none.</summary>
    private static Write? ReadWrite(IInvocationOperation invocation, RawCallReader reader)
    {
        IMethodSymbol method = invocation.TargetMethod;
        if (method.Name.IndexOf("write", StringComparison.OrdinalIgnoreCase) < 0 && !method.Name.StartsWith("AppendAll", StringComparison.Ordinal))
        {
            return null;
        }

        if (reader.TryRead(invocation, out RawCall call))
        {
            return call.Function == RawFunction.Write
                ? new(FileDescriptors.PathOf(call[RawParameter.Fd], reader), call[RawParameter.Buffer])
                : null;
        }

        switch (method.ContainingType.ToDisplayString())
        {
            case "System.IO.File" when !method.Name.StartsWith("Open", StringComparison.Ordinal) && Argument(0) is { } path:
                return new(PathText.Read(path, reader), Argument(1));
            case "System.IO.RandomAccess" when Argument(0) is { } handle:
                return new(FileDescriptors.PathOf(handle, reader), Argument(1));
            case "System.IO.FileStream" or "System.IO.Stream" or "System.IO.StreamWriter" or "System.IO.TextWriter" when invocation.Instance is { } stream:
                // A stream that comes from elsewhere is most likely no file of /proc at all.
                PathText opened = FileDescriptors.PathOf(stream, reader);
                return opened == PathText.Unknown ? null : new(opened, Argument(0));
            default:
                return null;
        }

        IOperation? Argument(int ordinal) => invocation.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == ordinal)?.Value;
    }

    private sealed record Write(PathText Path, IOperation? Content);
}
