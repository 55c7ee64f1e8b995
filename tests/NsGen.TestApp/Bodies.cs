namespace NsGen.TestApp;

/// <summary>Isolated methods called from a program of its own, whatever hosts it.</summary>
internal static partial class Bodies
{
    /// <summary>Calls what is named, and prints what comes back.</summary>
    public static int Call(string[] arguments)
    {
        Console.WriteLine(arguments switch
        {
            ["hostname", var name] => HostName("from " + name, Caller.Options(new() { HostName = name })),
            ["library"] => TestLibrary.Library.HostName(Caller.Options(new())),
            ["working-directory", var directory] => Where(Caller.Options(new() { WorkingDirectory = directory })),
            ["environment"] => Surroundings(),
            _ => throw new ArgumentException($"unknown body: {string.Join(' ', arguments)}"),
        });
        return 0;
    }

    [Isolated(Uts | Pid)]
    private static partial string HostName(string greeting, IsolationOptions options);

    private static string HostNameCore(string greeting) => $"{Environment.MachineName} {Environment.ProcessId} {greeting}";

    [Isolated(Uts)]
    private static partial string Where(IsolationOptions options);

    private static string WhereCore() => Environment.CurrentDirectory;

    [Isolated]
    private static partial string Surroundings();

    private static string SurroundingsCore()
    {
        static string? Variable(string name) => Environment.GetEnvironmentVariable(name);
        return $"hook {AppContext.GetData("NsGen.TestLibrary.Hook")}, call {Variable("NSGEN_CALL")}, hooks {Variable("DOTNET_STARTUP_HOOKS")}, "
            + $"diagnostics {Variable("DOTNET_EnableDiagnostics")}, pgo {Variable("DOTNET_TieredPGO")}";
    }

    /// <summary>Starts a body that never ends, says its number, and waits to be killed.</summary>
    public static int ParentOfBody()
    {
        using IsolatedProcess child = Forever(Caller.Options(new()));
        Console.WriteLine(child.Id);
        child.WaitForExit();
        return 0;
    }

    /// <summary>Has a warm child ready, says its number, and waits to be killed.</summary>
    public static int ParentOfWarm()
    {
        Nothing();
        IsolationPool pool = IsolationPool.All.Single();
        pool.FillAsync().Wait();
        Console.WriteLine(pool.ReadyProcessIds[0]);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    [Isolated(Warm = 1)]
    private static partial void Nothing();

    private static void NothingCore()
    {
    }

    [Isolated]
    private static partial IsolatedProcess Forever(IsolationOptions options);

    private static void ForeverCore() => Thread.Sleep(Timeout.Infinite);
}
