using NsGen.Analyzers.Declaration;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.Declaration;

namespace NsGen.Analyzers.Tests.Declaration;

/// <summary>NSG006, NSG007.</summary>
public sealed class ThreadModeTests
{
    [Reports(RuleIds.NamespaceNeedsProcess)]
    public Task A_namespace_that_only_a_process_gets() => Verify.FixesAsync<ThreadModeAnalyzer, ProcessModeFix>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Uts | User | Time, [|Mode = IsolationMode.Thread|])]
            public static partial void Go();

            static void GoCore() { }

            [Isolated([|Mode = IsolationMode.Thread|], Join = Pid | Net)]
            public static partial void Join(NamespaceTarget target);

            static void JoinCore() { }
        }
        """,
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Uts | User | Time)]
            public static partial void Go();

            static void GoCore() { }

            [Isolated(Join = Pid | Net)]
            public static partial void Join(NamespaceTarget target);

            static void JoinCore() { }
        }
        """,
        new() { Message = "'Go' asks for Time | User in thread mode, which the kernel gives to a new process only, so every call throws. Remove Mode." });

    [Silent(RuleIds.NamespaceNeedsProcess)]
    public Task What_a_thread_can_have_is_silent() => Verify.SilentAsync<ThreadModeAnalyzer>("""
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Uts | Ipc | Net | Mount | Cgroup, Mode = IsolationMode.Thread)]
            public static partial void Go();

            static void GoCore() { }

            [Isolated(User | Pid | Time, Mode = IsolationMode.Process)]
            public static partial void InProcess();

            static void InProcessCore() { }
        }
        """);

    [Reports(RuleIds.AsyncThreadBody)]
    public Task An_asynchronous_body_on_a_thread() => Verify.ReportsAsync<ThreadModeAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Net, Mode = IsolationMode.Thread)]
            public static partial Task<int> A();

            static async Task<int> {|NSG007:ACore|}() { await Task.Yield(); return 1; }

            [Isolated(Net, Mode = IsolationMode.Thread)]
            public static partial Task B();

            static ValueTask {|NSG007:BCore|}() => default;

            [Isolated(Net, Mode = IsolationMode.Thread, Body = nameof(Run))]
            public static partial void D();

            static async void {|NSG007:Run|}() => await Task.Yield();
        }
        """,
        new() { Message = "'ACore' is asynchronous and 'A' runs it on a thread of its own: after an await it would go on on another thread, outside the namespace. Return the result itself, or remove Mode." });

    [Silent(RuleIds.AsyncThreadBody)]
    public Task An_asynchronous_launcher_or_a_body_in_a_process_is_silent() => Verify.SilentAsync<ThreadModeAnalyzer>("""
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Net, Mode = IsolationMode.Thread)]
            public static partial Task<int> A();

            static int ACore() => 1;

            [Isolated(Net)]
            public static partial Task B();

            static async Task BCore() => await Task.Yield();
        }
        """);
}
