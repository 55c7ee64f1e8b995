namespace NsGen.Tests;

public sealed partial class DiagnosticsTests
{
    public static TheoryData<Namespaces, long> Children => new() { { User, 0 }, { User | Pid | Mount, 0 }, { User | Time, 100_000 } };

    [KernelTheory(Requires.UserNamespaces | Requires.TimeNamespaces), MemberData(nameof(Children))]
    public async Task A_killed_child_with_diagnostics_leaves_no_file(Namespaces namespaces, long boottimeOffset)
    {
        using var temporary = new TemporaryDirectory();
        IsolationOptions options = Options(temporary, namespaces);
        options.Diagnostics = true;
        options.BoottimeOffsetSeconds = boottimeOffset == 0 ? null : boottimeOffset;
        using IsolatedProcess child = Hang(options);
        await Proc.Until(() => Directory.GetFiles(temporary.Path).Length == 3, "the runtime has made its two pipes and its socket");
        child.Kill();
        await child.WaitForExitAsync();

        Assert.Empty(Directory.GetFiles(temporary.Path));
    }

    [KernelFact(Requires.UserNamespaces)]
    public async Task Without_diagnostics_there_is_none_at_any_time()
    {
        using var temporary = new TemporaryDirectory();
        string ready = Path.Combine(temporary.Path, "ready");
        IsolationOptions options = Options(temporary, User);
        options.Environment["NSGEN_TEST_READY"] = ready;
        using IsolatedProcess child = Hang(options);
        await Proc.Until(() => File.Exists(ready), "the body runs");

        Assert.Equal([ready], Directory.GetFiles(temporary.Path));
        child.Kill();
        await child.WaitForExitAsync();
        Assert.Equal([ready], Directory.GetFiles(temporary.Path));
    }

    private static IsolationOptions Options(TemporaryDirectory temporary, Namespaces namespaces)
    {
        var options = new IsolationOptions { Namespaces = namespaces, Timeout = TimeSpan.FromSeconds(60) };
        options.Environment["TMPDIR"] = temporary.Path;
        options.Environment.Remove("DOTNET_EnableDiagnostics");
        return options;
    }

    [Isolated]
    private static partial IsolatedProcess Hang(IsolationOptions options);

    private static void HangCore()
    {
        if (Environment.GetEnvironmentVariable("NSGEN_TEST_READY") is { } ready)
        {
            File.WriteAllText(ready, "");
        }

        Thread.Sleep(Timeout.Infinite);
    }
}
