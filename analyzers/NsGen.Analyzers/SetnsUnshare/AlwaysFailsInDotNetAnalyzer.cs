using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NsGen.Analyzers.RawCalls;
using NsGen.Launch;

namespace NsGen.Analyzers.SetnsUnshare;

/// <summary>NSG202: calls that only a process with one thread can make, and a .NET process has several before Main begins.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
[NoCodeFix("The namespace has to be created together with a new process; no edit of the call does that.")]
public sealed class AlwaysFailsInDotNetAnalyzer : RawCallAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = RuleDescriptors.Create(
        RuleIds.AlwaysFailsInDotNet,
        DiagnosticSeverity.Error,
        "The call always fails in a multithreaded process, as every .NET process is",
        "'{0}' with {1} always fails with {2} in a .NET process: {3}, and the runtime starts threads of its own before Main. {4}.",
        "All threads of a process share one user namespace and one time namespace, so the kernel lets only a process with a single thread change them.");

    /// <summary>Creates the analyzer.</summary>
    public AlwaysFailsInDotNetAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Analyze(RawCallContext context)
    {
        // What a wrapper passes itself is reported inside the wrapper.
        if (Find(context) is not { } failure
            || (!context.Call.IsDirect && context.Call.AtCallSite(failure.Role) is null)
            || RawCallOptions.IsSingleThreaded(context.Options, context.Call.Invocation.Syntax.SyntaxTree)
            || ChildCode.MayRunInChild(context))
        {
            return;
        }

        context.Report(
            s_rule,
            context.Call.AtCallSite(failure.Role) ?? context.Call.Invocation,
            context.CalledName,
            failure.Flag,
            failure.Errno,
            failure.Reason,
            failure.Remedy);
    }

    private static Failure? Find(RawCallContext context)
    {
        if (context.Function == RawFunction.Unshare)
        {
            return context.ReadBits(RawParameter.Flags).IsSet(CloneFlagRules.NewUser)
                ? Failure.User(RawParameter.Flags, "create the user namespace with a child: [Isolated(User)], or CLONE_NEWUSER in clone's flags")
                : null;
        }

        if (context.Function != RawFunction.Setns)
        {
            return null;
        }

        KnownBits nstype = context.ReadBits(RawParameter.NsType);
        NamespaceFile? file = NamespaceFile.TryRead(context.Call[RawParameter.Fd], context.Reader);
        ulong type = nstype.Equals(0, uint.MaxValue) && file is { } known ? known.Type : nstype.Set;
        if (file is { } mismatched && (type & ~mismatched.Type & CloneFlagRules.NamespaceMask) != 0)
        {
            // The kernel compares the types first: NSG205.
            return null;
        }

        if ((type & CloneFlagRules.NewUser) != 0)
        {
            return Failure.User(RawParameter.NsType, "enter it in a program with one thread, such as nsenter(1), and start .NET from there");
        }

        return (type & CloneFlagRules.NewTime) != 0
            ? new(
                RawParameter.NsType,
                "CLONE_NEWTIME",
                "EUSERS",
                "the kernel moves only a process with one thread into another time namespace",
                "Enter it in a program with one thread, such as nsenter(1), and start .NET from there")
            : null;
    }

    private sealed record Failure(RawParameter Role, string Flag, string Errno, string Reason, string Remedy)
    {
        public static Failure User(RawParameter role, string remedy) => new(
            role,
            "CLONE_NEWUSER",
            "EINVAL",
            "the threads of a process cannot live in different user namespaces",
            char.ToUpperInvariant(remedy[0]) + remedy.Substring(1));
    }
}
