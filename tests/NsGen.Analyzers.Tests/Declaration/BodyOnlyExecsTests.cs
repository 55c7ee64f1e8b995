using NsGen.Analyzers.Declaration;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.Declaration;

public sealed class BodyOnlyExecsTests
{
    [Reports(RuleIds.BodyOnlyExecs)]
    public Task A_body_that_only_starts_a_program() => Verify.ReportsAsync<BodyOnlyExecsAnalyzer>(
        """
        using System.Diagnostics;
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Net)]
            public static partial void A(string name);

            static void [|ACore|](string name) => Process.Start("/bin/ping", name);

            [Isolated(Net)]
            public static partial Task B(string name);

            static async Task [|BCore|](string name)
            {
                await Process.Start(new ProcessStartInfo(name))!.WaitForExitAsync().ConfigureAwait(false);
            }

            [Isolated(Net, Body = nameof(Run))]
            public static partial void D(string name);

            static void [|Run|](string name)
            {
                Process.Start(name)?.WaitForExit();
            }
        }
        """,
        new() { Message = "'ACore' only starts a program: 'A' starts a .NET runtime in the child for it, and waits for that first. Set Exec on 'A' instead." });

    [Silent(RuleIds.BodyOnlyExecs)]
    public Task A_body_that_does_more_or_is_no_body_is_silent() => Verify.SilentAsync<BodyOnlyExecsAnalyzer>("""
        using System.Diagnostics;
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {
            [Isolated(Net)]
            public static partial string A();

            static string ACore()
            {
                using Process process = Process.Start(new ProcessStartInfo("/bin/ls") { RedirectStandardOutput = true })!;
                return process.StandardOutput.ReadToEnd();
            }

            [Isolated(Net)]
            public static partial int B();

            static int BCore() => Process.Start("/bin/ls").Id;

            [Isolated(Net, Mode = IsolationMode.Thread)]
            public static partial void OnThread();

            static void OnThreadCore() => Process.Start("/bin/ls");

            static void NoBody() => Process.Start("/bin/ls");

            [Isolated(Net)]
            public static partial void Empty();

            static void EmptyCore() { }
        }
        """);
}
