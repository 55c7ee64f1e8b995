// A container engine in little, for root and, without any privilege, for everybody else: a root file system of busybox, and a command in it.
//
//     dotnet run --project samples/MiniContainer [-- command [argument…]]
//
// Without a command it is a shell: interactive on a terminal, else it reads its commands from standard input.

using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using MiniContainer;
using NsGen;

[assembly: SupportedOSPlatform("linux")]

// As docker-run(1) and env(1).
const int Failed = 125;
const int NotFound = 127;

// This process has to outlive the command and clear up. What is typed at a terminal reaches the command without it.
var started = new TaskCompletionSource<IsolatedProcess>();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, static context => context.Cancel = true);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    started.Task.ContinueWith(static container => container.Result.Kill(15), TaskScheduler.Default);
});

try
{
    using BusyBoxRoot root = BusyBoxRoot.Make();
    using ContainerNetwork? network = ContainerNetwork.TryMake();
    string[] command = args.Length > 0 ? args : ["/bin/sh"];
    using IsolatedProcess container = IsolatedProcess.Start(command[0], command[1..], Container.Options(root, network));
    started.SetResult(container);
    return container.WaitForExit().ExitCode;
}
catch (LaunchException e) when (e.Step.StartsWith("execve", StringComparison.Ordinal))
{
    Console.Error.WriteLine($"MiniContainer: {e.Message}");
    return NotFound;
}
catch (Exception e) when (e is NamespaceException or IOException)
{
    Console.Error.WriteLine($"MiniContainer: {e.Message}");
    return Failed;
}
