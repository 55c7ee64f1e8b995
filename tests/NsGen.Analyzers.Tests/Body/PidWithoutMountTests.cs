using NsGen.Analyzers.Body;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.Body;

namespace NsGen.Analyzers.Tests.Body;

public sealed class PidWithoutMountTests
{
    [Reports(RuleIds.PidWithoutMount)]
    public Task A_body_and_a_program() => Verify.FixesAsync<PidWithoutMountAnalyzer, PidWithoutMountFix>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [[|Isolated(User | Pid, HostName = "x")|]]
            public static partial int M(int n);

            static int MCore(int n) => n;

            [[|Isolated(Pid, Exec = "/bin/ps")|]]
            public static partial int Ps();
        }
        """,
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(User | Pid | Mount, HostName = "x")]
            public static partial int M(int n);

            static int MCore(int n) => n;

            [Isolated(Pid | Mount, Exec = "/bin/ps")]
            public static partial int Ps();
        }
        """,
        new() { Message = "'M' creates a PID namespace without a mount namespace: /proc still shows the host's processes, by the host's numbers. Add Mount, and a /proc of its own is mounted." });

    [Reports(RuleIds.PidWithoutMount)]
    public Task Names_as_the_others_are_written() => Verify.FixesAsync<PidWithoutMountAnalyzer, PidWithoutMountFix>(
        """
        static partial class C
        {
            const NsGen.Namespaces Both = NsGen.Namespaces.Uts | NsGen.Namespaces.Pid;

            [[|NsGen.Isolated(NsGen.Namespaces.Pid)|]]
            public static partial void M();

            static void MCore() => Console.WriteLine();

            [[|NsGen.Isolated(Both)|]]
            public static partial void N();

            static void NCore() => Console.WriteLine();
        }
        """,
        """
        static partial class C
        {
            const NsGen.Namespaces Both = NsGen.Namespaces.Uts | NsGen.Namespaces.Pid;

            [NsGen.Isolated(NsGen.Namespaces.Pid | NsGen.Namespaces.Mount)]
            public static partial void M();

            static void MCore() => Console.WriteLine();

            [NsGen.Isolated(Both | global::NsGen.Namespaces.Mount)]
            public static partial void N();

            static void NCore() => Console.WriteLine();
        }
        """);

    [Silent(RuleIds.PidWithoutMount)]
    public Task A_mount_namespace_that_is_there_joined_or_left_to_options() => Verify.SilentAsync<PidWithoutMountAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Pid | Mount)]
            public static partial void Created();

            static void CreatedCore() => Console.WriteLine();

            [Isolated(All)]
            public static partial void Everything();

            static void EverythingCore() => Console.WriteLine();

            [Isolated(Pid, Join = Mount)]
            public static partial void Joined(NamespaceTarget target);

            static void JoinedCore() => Console.WriteLine();

            [Isolated(Pid)]
            public static partial void MayJoin(NamespaceTarget target);

            static void MayJoinCore() => Console.WriteLine();

            [Isolated(Uts | Pid)]
            public static partial void Later(IsolationOptions options);

            static void LaterCore() => Console.WriteLine();

            [Isolated(Uts)]
            public static partial void Other();

            static void OtherCore() => Console.WriteLine();

            [Isolated(Pid)]
            public static partial void WithoutBody();
        }
        """);
}
