namespace NsGen.TestApp;

/// <summary>
/// For a caller that is not root but may change its user (CAP_SETUID): children that do, beside children that write their id maps through
/// /proc/self, which is root's for as long as the memory they share is not dumpable.
/// </summary>
internal static class DumpableTest
{
    private const int Launches = 300;

    public static int Run()
    {
        using var done = new CancellationTokenSource();
        var changing = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                Launch(new() { UserId = 12345, GroupId = 12345 });
            }
        });
        changing.Start();
        int refused = 0;
        for (int i = 0; i < Launches; i++)
        {
            try
            {
                Launch(new() { Namespaces = User });
            }
            catch (LaunchException e)
            {
                Console.WriteLine(e.Message);
                refused++;
            }
        }

        done.Cancel();
        changing.Join();
        Console.WriteLine($"{refused} of {Launches} refused");
        return refused == 0 ? 0 : 1;
    }

    private static void Launch(IsolationOptions options)
    {
        using var child = IsolatedProcess.Start("/bin/true", [], options);
        child.WaitForExit();
    }
}
