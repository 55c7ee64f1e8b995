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
}
