using System.Diagnostics;

namespace NsGen.Tests;

/// <summary>Runs NsGen.TestApp: what must not happen to the test host, or needs a process of its own.</summary>
internal static class TestApp
{
    public static string Dll => Path.Combine(AppContext.BaseDirectory, "NsGen.TestApp.dll");

    public static string AppHost => Path.Combine(AppContext.BaseDirectory, "NsGen.TestApp");

    /// <summary>Runs a command of the app that has to succeed.</summary>
    /// <returns>What it prints, without the last newline.</returns>
    public static string Output(params string[] arguments)
    {
        Finished finished = Run(new ProcessStartInfo(DotNetCli.Path, [Dll, .. arguments]));
        Assert.True(finished.Status.IsSuccess, $"{string.Join(' ', arguments)}: {finished.Status}\n{finished.Output}\n{finished.Error}");
        return finished.Output;
    }

    /// <summary>Runs any program by Process.Start and not by NsGen.</summary>
    public static Finished Run(ProcessStartInfo start, int seconds = 200)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(seconds)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{start.FileName} {string.Join(' ', start.ArgumentList)} hangs:\n{output.GetAwaiter().GetResult()}\n{error.GetAwaiter().GetResult()}");
        }

        ExitStatus status = process.ExitCode > 128 ? ExitStatus.Killed(process.ExitCode - 128, false) : ExitStatus.Exited(process.ExitCode);
        return new Finished(status, output.GetAwaiter().GetResult().TrimEnd('\n'), error.GetAwaiter().GetResult().TrimEnd('\n'));
    }
}
