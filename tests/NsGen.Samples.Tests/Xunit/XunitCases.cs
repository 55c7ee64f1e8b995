using System.Reflection;
using NsGen.Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

#pragma warning disable xUnit1000 // Internal: run by IsolatedFactTests, not by themselves.

namespace NsGen.Samples.Tests;

/// <summary>Isolated tests with every outcome.</summary>
internal sealed class XunitCases(ITestOutputHelper output, int more = 3)
{
    [IsolatedFact(Uts, HostName = "inside")]
    public async Task Passes()
    {
        output.WriteLine($"pid {Environment.ProcessId}");
        await Task.Delay(10);
        await Task.Run(static () => Assert.Equal("inside", Environment.MachineName));
        Assert.Equal(3, more);
    }

    [IsolatedFact(Uts, HostName = "inside", DisplayName = "a name of its own")]
    public void Fails()
    {
        output.WriteLine("before the failure");
        Assert.Equal("outside", Environment.MachineName);
    }

    [IsolatedFact(Uts)]
    public async Task ThrowsTwo()
    {
        await Task.Yield();
        throw new InvalidOperationException("outer", new FormatException("inner"));
    }

    [IsolatedFact(Uts, Skip = "not today")]
    public void Skipped() => Assert.Fail("must not run");

    [IsolatedFact(Uts, Timeout = 10_000)]
    public void TakesTooLong()
    {
        output.WriteLine("before the wait");
        Thread.Sleep(Timeout.Infinite);
    }

    [IsolatedFact(Uts)]
    public void Exits() => Environment.Exit(3);

    [IsolatedFact(Uts)]
    public void Crashes() => Environment.FailFast("the reason");

    [IsolatedFact(Pid, HostName = "without-uts")]
    public void CannotBeLaunched() => Assert.Fail("must not run");

    [IsolatedFact(Net)]
    public void IsRoot() => Assert.True(Environment.IsPrivilegedProcess);

    [IsolatedFact(Net, LoopbackUp = false)]
    public void HasNoLoopback() => Assert.DoesNotContain("127.0.0.1", File.ReadAllText("/proc/net/fib_trie"), StringComparison.Ordinal);

    [IsolatedFact(Uts), Surroundings]
    public void HasSurroundings() => Assert.Equal("before", Environment.GetEnvironmentVariable("SURROUNDINGS"));

    [IsolatedTheory(Uts)]
    [InlineData(1, "a", DayOfWeek.Friday)]
    [InlineData(2, null, DayOfWeek.Monday)]
    public void Rows(int number, string? text, DayOfWeek day)
    {
        output.WriteLine($"{number} {text ?? "null"} {day}");
        Assert.NotEqual(2, number);
    }

    [IsolatedTheory(Uts)]
    [InlineData(5)]
    [InlineData("five")]
    public void Generic<T>(T value) => Assert.IsType<T>(value);

    [IsolatedTheory(Uts)]
    [MemberData(nameof(Unknown))]
    public void RowsThatCannotTravel(object value) => Assert.Fail($"{value}: must not run");

    public static IEnumerable<object[]> Unknown() => [[new Version(1, 0)]];

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class SurroundingsAttribute : BeforeAfterTestAttribute
    {
        public override void Before(MethodInfo methodUnderTest) => Environment.SetEnvironmentVariable("SURROUNDINGS", "before");
    }
}

/// <summary>What lives around a test lives in the child, too.</summary>
internal sealed class XunitLifetimeCases : IAsyncLifetime, IDisposable
{
    private readonly ITestOutputHelper _output;

    public XunitLifetimeCases(ITestOutputHelper output)
    {
        _output = output;
        Say("constructor");
    }

    [IsolatedFact(Uts, HostName = "child")]
    public void Test() => Say("test");

    [IsolatedFact(Uts, HostName = "child")]
    public void Other() => Say("test");

    public Task InitializeAsync()
    {
        Say("initialize");
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        Say("dispose async");
        return Task.CompletedTask;
    }

    public void Dispose() => Say("dispose");

    private void Say(string what) => _output.WriteLine($"{what} in {Environment.MachineName}");
}

/// <summary>A theory.</summary>
internal sealed class XunitTheoryCases(ITestOutputHelper output)
{
    [IsolatedTheory(Uts, HostName = "child")]
    [InlineData("one")]
    [InlineData("two")]
    public void Row(string text)
    {
        output.WriteLine($"{text} in {Environment.MachineName}");
        Assert.NotEqual("two", text);
    }
}

/// <summary>A class whose fixture is in another process.</summary>
internal sealed class XunitFixtureCases : IClassFixture<XunitFixtureCases.Database>
{
    [IsolatedFact(Uts)]
    public void Isolated() => Assert.Fail("must not run");

    [Fact]
    public void Ordinary()
    {
    }

    internal sealed class Database;
}

/// <summary>A collection somebody has named keeps its tests together.</summary>
[Collection("together")]
internal sealed class XunitCollectionCases
{
    [IsolatedFact(Uts)]
    public void One()
    {
    }

    [IsolatedFact(Uts)]
    public void Two()
    {
    }
}
