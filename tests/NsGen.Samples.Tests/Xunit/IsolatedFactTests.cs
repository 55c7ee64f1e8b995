using Xunit.Abstractions;

namespace NsGen.Samples.Tests;

/// <summary>What xunit reports about tests that run in children.</summary>
public sealed class IsolatedFactTests(IsolatedFactTests.Runs runs) : IClassFixture<IsolatedFactTests.Runs>
{
    private readonly XunitRun _cases = runs.Cases;

    [KernelFact(Requires.Isolation)]
    public void A_test_that_passes_has_passed_elsewhere()
    {
        string output = _cases.Result<ITestPassed>("Passes").Output;
        Assert.Matches("^pid \\d+\n$", output);
        Assert.NotEqual($"pid {Environment.ProcessId}\n", output);
    }

    [KernelFact(Requires.Isolation)]
    public void A_failure_is_the_assertions_own()
    {
        var failed = _cases.Result<ITestFailed>("Fails");
        Assert.Equal("a name of its own", failed.Test.DisplayName);
        Assert.Equal(["Xunit.Sdk.EqualException"], failed.ExceptionTypes);
        Assert.Contains("Expected: \"outside\"\nActual:   \"inside\"", failed.Messages[0], StringComparison.Ordinal);
        Assert.Contains("XunitCases.Fails() in ", failed.StackTraces[0], StringComparison.Ordinal);
        Assert.Contains("XunitCases.cs:line ", failed.StackTraces[0], StringComparison.Ordinal);
        Assert.DoesNotContain("IsolatedTestRunner", failed.StackTraces[0], StringComparison.Ordinal);
        Assert.Equal("before the failure\n", failed.Output);
    }

    [KernelFact(Requires.Isolation)]
    public void Inner_exceptions_come_along()
    {
        var failed = _cases.Result<ITestFailed>("ThrowsTwo");
        Assert.Equal(["System.InvalidOperationException", "System.FormatException"], failed.ExceptionTypes);
        Assert.Equal(["outer", "inner"], failed.Messages);
        Assert.Equal([-1, 0], failed.ExceptionParentIndices);
    }

    [KernelFact(Requires.Isolation)]
    public void A_skipped_test_does_not_run() => Assert.Equal("not today", _cases.Result<ITestSkipped>("Skipped").Reason);

    [KernelFact(Requires.Isolation)]
    public void A_timeout_ends_a_test_that_blocks_and_keeps_its_output()
    {
        var failed = _cases.Result<ITestFailed>("TakesTooLong");
        Assert.Equal(["Xunit.Sdk.TestTimeoutException"], failed.ExceptionTypes);
        Assert.Equal("Test execution timed out after 10000 milliseconds", failed.Messages[0]);
        Assert.Equal("before the wait\n", failed.Output);
    }

    [KernelFact(Requires.Isolation)]
    public void A_test_that_ends_its_process_has_failed()
    {
        var failed = _cases.Result<ITestFailed>("Exits");
        Assert.Equal(["NsGen.IsolatedExitException"], failed.ExceptionTypes);
        Assert.Contains("XunitCases.Exits", failed.Messages[0], StringComparison.Ordinal);
        Assert.Contains("exit code 3", failed.Messages[0], StringComparison.Ordinal);
    }

    [KernelFact(Requires.Isolation)]
    public void A_crash_shows_what_it_said()
    {
        var failed = _cases.Result<ITestFailed>("Crashes");
        Assert.Contains("SIGABRT", failed.Messages[0], StringComparison.Ordinal);
        Assert.StartsWith("Standard error:\n", failed.Output, StringComparison.Ordinal);
        Assert.Contains("the reason", failed.Output, StringComparison.Ordinal);
    }

    [KernelFact(Requires.Isolation)]
    public void A_launch_that_fails_says_why()
    {
        var failed = _cases.Result<ITestFailed>("CannotBeLaunched");
        Assert.Equal(["System.ArgumentException"], failed.ExceptionTypes);
        Assert.Contains("HostName", failed.Messages[0], StringComparison.Ordinal);
        Assert.Contains("Uts", failed.Messages[0], StringComparison.Ordinal);
    }

    [KernelTheory]
    [InlineData("IsRoot")]
    [InlineData("HasNoLoopback")]
    [InlineData("HasSurroundings")]
    [InlineData("NsGen.Samples.Tests.XunitCases.Generic<Int32>(value: 5)")]
    [InlineData("NsGen.Samples.Tests.XunitCases.Generic<String>(value: \"five\")")]
    public void So_does(string name) => _cases.Result<ITestPassed>(name);

    [KernelFact(Requires.Isolation)]
    public void Each_row_is_a_test()
    {
        var first = _cases.Result<ITestPassed>("NsGen.Samples.Tests.XunitCases.Rows(number: 1, text: \"a\", day: Friday)");
        Assert.Equal("1 a Friday\n", first.Output);
        var second = _cases.Result<ITestFailed>("NsGen.Samples.Tests.XunitCases.Rows(number: 2, text: null, day: Monday)");
        Assert.Equal("2 null Monday\n", second.Output);
        Assert.Equal(["Xunit.Sdk.NotEqualException"], second.ExceptionTypes);
    }

    [KernelFact(Requires.Isolation)]
    public async Task Rows_may_be_found_out_late()
    {
        XunitRun run = await XunitRun.OfAsync(typeof(XunitTheoryCases), preEnumerateTheories: false);
        Assert.Single(run.Messages<ITestCaseStarting>());
        Assert.Equal("one in child\n", run.Result<ITestPassed>("NsGen.Samples.Tests.XunitTheoryCases.Row(text: \"one\")").Output);
        Assert.Equal("two in child\n", run.Result<ITestFailed>("NsGen.Samples.Tests.XunitTheoryCases.Row(text: \"two\")").Output);
    }

    [KernelFact(Requires.Isolation)]
    public void A_row_that_cannot_travel_says_so()
    {
        var failed = _cases.Result<ITestFailed>("RowsThatCannotTravel");
        Assert.Equal(["System.NotSupportedException"], failed.ExceptionTypes);
        Assert.Contains("IXunitSerializable", failed.Messages[0], StringComparison.Ordinal);
    }

    [KernelFact(Requires.Isolation)]
    public async Task The_class_lives_in_the_child()
    {
        XunitRun run = await XunitRun.OfAsync(typeof(XunitLifetimeCases));
        const string Expected = "constructor in child\ninitialize in child\ntest in child\ndispose async in child\ndispose in child\n";
        Assert.Equal(Expected, run.Result<ITestPassed>("Test").Output);
        IEnumerable<ITestOutput> lines = run.Messages<ITestOutput>().Where(static line => line.TestMethod.Method.Name == "Test");
        Assert.Equal(Expected, string.Concat(lines.Select(static line => line.Output)));
    }

    [KernelFact(Requires.Isolation)]
    public async Task A_fixture_is_refused()
    {
        XunitRun run = await XunitRun.OfAsync(typeof(XunitFixtureCases));
        string message = run.Result<ITestFailed>("Isolated").Messages[0];
        Assert.StartsWith("The fixture Database lives in the process that runs the tests", message, StringComparison.Ordinal);
        run.Result<ITestPassed>("Ordinary");
    }

    [KernelFact(Requires.Isolation)]
    public async Task Tests_are_run_beside_each_other_unless_their_collection_has_a_name()
    {
        XunitRun apart = await XunitRun.OfAsync(typeof(XunitLifetimeCases));
        Assert.Equal(2, apart.Messages<ITestCollectionStarting>().Count);
        XunitRun together = await XunitRun.OfAsync(typeof(XunitCollectionCases));
        Assert.Equal("together", Assert.Single(together.Messages<ITestCollectionStarting>()).TestCollection.DisplayName);
        Assert.Equal(2, together.Messages<ITestPassed>().Count);
    }

    /// <summary>All of <see cref="XunitCases"/>, run once.</summary>
    public sealed class Runs : IAsyncLifetime
    {
        internal XunitRun Cases { get; private set; } = null!;

        public async Task InitializeAsync() => Cases = await XunitRun.OfAsync(typeof(XunitCases));

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
