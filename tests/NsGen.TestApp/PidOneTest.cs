using System.Diagnostics;

namespace NsGen.TestApp;

/// <summary>Runs as PID 1, as a container's program does.</summary>
internal static partial class PidOneTest
{
    public static int Run()
    {
        int wrong = 0;
        int unknown = 0;
        for (int i = 0; i < 30; i++)
        {
            // From the first Process.Start on .NET handles SIGCHLD, and as PID 1 it reaps everybody.
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exit 5"]))!;
            using var child = IsolatedProcess.Start("/bin/sh", ["-c", "exit 7"], new() { Namespaces = Uts });
            using var failed = IsolatedProcess.Start("/bin/sh", ["-c", "kill -9 $$"]);
            process.WaitForExit();
            ExitStatus status = child.WaitForExit();
            unknown += status.IsKnown ? 0 : 1;
            wrong += process.ExitCode == 5 && status.ExitCode == 7 && failed.WaitForExit().SignalName == "SIGKILL" ? 0 : 1;
            try
            {
                IsolatedProcess.Start("/nonexistent/program", []);
                wrong++;
            }
            catch (LaunchException)
            {
                // as it should
            }
        }

        wrong += Add(40, 2) == 42 ? 0 : 1;
        Console.WriteLine($"pid {Environment.ProcessId}, {wrong} wrong, {unknown} unknown");
        return 0;
    }

    [Isolated(Uts)]
    private static partial int Add(int a, int b);

    private static int AddCore(int a, int b) => a + b;
}
