using NsGen.Analyzers.Body;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.Body;

public sealed class StaticReadIsInitialTests
{
    [Reports(RuleIds.StaticReadIsInitial)]
    public Task What_a_method_assigns() => Verify.ReportsAsync<StaticReadIsInitialAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static class Settings
        {
            public static string Name { get; set; } = "initial";
            public static int Level;
        }

        static partial class C
        {
            static int s_count;
            static int s_passed;

            static void Main(string[] args)
            {
                Settings.Name = args[0];
                NsGen.Namespaces none = default;
                s_count++;
                int.TryParse(args[0], out s_passed);
                (Settings.Level, _) = (1, none);
            }

            [Isolated(Uts)]
            public static partial string M();

            static string MCore() => [|Settings.Name|] + [|s_count|] + [|s_passed|] + [|Settings.Level|] + s_count;
        }
        """,
        new() { Message = "'MCore' reads 'Settings.Name', which 'Main' assigns in the calling process: the child is a new process and sees the initial value. Pass it as an argument." });

    [Silent(RuleIds.StaticReadIsInitial)]
    public Task What_every_process_assigns_itself() => Verify.SilentAsync<StaticReadIsInitialAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        partial class C
        {
            static int s_initial = 1;
            static int s_constructed;
            static readonly int s_readonly = 3;
            static int s_own;
            static int s_module;
            static int s_hidden;
            static int Computed => 4;
            const int Constant = 5;
            int Level;

            static C() => s_constructed = 2;

            [ModuleInitializer]
            internal static void Start() => s_module = 6;

            static void Elsewhere(int s_hidden)
            {
                s_hidden = 7;
                C c = new() { Level = 1 };
                c.Level = s_hidden;
                s_own = 8;
            }

            [Isolated(Uts)]
            public static partial int M();

            static int MCore()
            {
                s_own = 9;
                return s_initial + s_constructed + s_readonly + s_own + s_module + s_hidden + Computed + Constant;
            }
        }
        """);

    [Silent(RuleIds.StaticReadIsInitial)]
    public Task A_thread_sees_the_value() => Verify.SilentAsync<StaticReadIsInitialAnalyzer>(
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            static int s_count;

            static void Count() => s_count++;

            [Isolated(Uts, Mode = IsolationMode.Thread)]
            public static partial int M();

            static int MCore() => s_count;
        }
        """);
}
