namespace NsGen.Tests;

/// <summary>Options that cannot be meant: refused before anything is started, with what to write instead.</summary>
public sealed class OptionValidationTests
{
    private static readonly Dictionary<string, (IsolationOptions Options, string Message)> s_refused = new()
    {
        ["a host name without Uts"] = (new IsolationOptions { HostName = "x" }, "HostName needs Uts"),
        ["a domain name without Uts"] = (new IsolationOptions { Namespaces = Net, DomainName = "x" }, "Add Uts"),
        ["an empty host name"] = (new IsolationOptions { Namespaces = Uts, HostName = "" }, "1 to 64"),
        ["a host name of 65 bytes"] = (new IsolationOptions { Namespaces = Uts, HostName = new('h', 65) }, "has 65 bytes"),
        ["a host name of 33 letters of two bytes"] = (new IsolationOptions { Namespaces = Uts, HostName = new('ü', 33) }, "has 66 bytes"),
        ["a domain name of 65 bytes"] = (new IsolationOptions { Namespaces = Uts, DomainName = new('d', 65) }, "has 65 bytes"),
        ["a zero in a host name"] = (new IsolationOptions { Namespaces = Uts, HostName = "a\0b" }, "zero character"),
        ["MountProc without Pid"] = (new IsolationOptions { Namespaces = Mount, MountProc = true }, "Add Pid"),
        ["MountProc without Mount"] = (new IsolationOptions { Namespaces = Pid, MountProc = true }, "Add Mount"),
        ["a monotonic offset without Time"] = (new IsolationOptions { MonotonicOffsetSeconds = 1 }, "Add Time"),
        ["a boottime offset without Time"] = (new IsolationOptions { BoottimeOffsetSeconds = -1 }, "Add Time"),
        ["a uid map without User"] = (new IsolationOptions { UidMap = [new(0, 0)] }, "Add User"),
        ["a gid map without User"] = (new IsolationOptions { GidMap = [new(0, 0)] }, "Add User"),
        ["an empty map"] = (new IsolationOptions { Namespaces = User, UidMap = [] }, "UidMap has no line"),
        ["an empty group map"] = (new IsolationOptions { Namespaces = User, GidMap = [] }, "set PreserveCredentials"),
        ["signal 0 at the parent's exit"] = (new IsolationOptions { ParentExitSignal = 0 }, "give 1 to 64"),
        ["an empty range"] = (new IsolationOptions { Namespaces = User, UidMap = [new(0, 0, 0)] }, "at least one id"),
        ["a range past the last id"] = (new IsolationOptions { Namespaces = User, GidMap = [new(0, uint.MaxValue, 1)] }, "ends below"),
        ["341 lines"] = (new IsolationOptions { Namespaces = User, UidMap = [.. Enumerable.Range(0, 341).Select(static i => new IdMapping((uint)i, (uint)i))] }, "at most 340"),
        ["a bit that is no namespace"] = (new IsolationOptions { Namespaces = (Namespaces)0x100 }, "0x100 is not a namespace flag"),
        ["a stack of 16383 bytes"] = (new IsolationOptions { StackSize = 16383 }, "at least 16384"),
        ["a stack of 2 GiB"] = (new IsolationOptions { StackSize = int.MaxValue }, "at most 1 GiB"),
        ["a negative stack"] = (new IsolationOptions { StackSize = -1 }, "at least 16384"),
        ["a negative timeout"] = (new IsolationOptions { Timeout = TimeSpan.FromSeconds(-1) }, "negative"),
        ["a negative grace period"] = (new IsolationOptions { CancellationGracePeriod = TimeSpan.FromTicks(-1) }, "CancellationGracePeriod is negative"),
        ["a variable without a name"] = (With(static o => o.Environment[""] = "x"), "not a name"),
        ["a variable with an equals sign"] = (With(static o => o.Environment["a=b"] = "x"), "not a name"),
        ["a zero in a variable"] = (With(static o => o.Environment["a"] = "x\0"), "zero character"),
        ["a zero in the working directory"] = (new IsolationOptions { WorkingDirectory = "/tmp\0/x" }, "zero character"),
    };

    public static TheoryData<string> Refused => [.. s_refused.Keys];

    [Theory, MemberData(nameof(Refused))]
    public void Is_refused(string what)
    {
        (IsolationOptions options, string message) = s_refused[what];
        var e = Assert.ThrowsAny<ArgumentException>(() => IsolatedProcess.Start("/bin/true", [], options));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Program_and_arguments_are_checked()
    {
        Assert.ThrowsAny<ArgumentException>(static () => IsolatedProcess.Start("", []));
        Assert.ThrowsAny<ArgumentException>(static () => IsolatedProcess.Start(null!, []));
        Assert.ThrowsAny<ArgumentException>(static () => IsolatedProcess.Start("/bin/true", null!));
        Assert.ThrowsAny<ArgumentException>(static () => IsolatedProcess.Start("/bin/true", [null!]));
        Assert.ThrowsAny<ArgumentException>(static () => IsolatedProcess.Start("/bin/true", ["a\0b"]));
        Assert.ThrowsAny<ArgumentException>(static () => IsolatedProcess.Start("/bin/t\0rue", []));
    }

    [Fact]
    public void A_null_among_the_inherited_handles_is_refused()
    {
        var options = new IsolationOptions();
        options.InheritedHandles.Add(null!);
        Assert.ThrowsAny<ArgumentException>(() => IsolatedProcess.Start("/bin/true", [], options));
    }

    [KernelFact]
    public void Zero_and_infinity_mean_no_timeout()
    {
        Assert.Equal("x", Shell.Output(new() { Timeout = TimeSpan.Zero }, "echo x"));
        Assert.Equal("x", Shell.Output(new() { Timeout = Timeout.InfiniteTimeSpan }, "echo x"));
    }

    private static IsolationOptions With(Action<IsolationOptions> change)
    {
        var options = new IsolationOptions();
        change(options);
        return options;
    }
}
