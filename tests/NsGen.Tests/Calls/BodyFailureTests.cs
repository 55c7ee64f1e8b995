namespace NsGen.Tests;

/// <summary>Bodies that throw, crash, or leave.</summary>
public sealed class BodyFailureTests
{
    [KernelFact]
    public void An_exception_arrives_with_type_message_and_stack()
    {
        var e = Assert.Throws<IsolatedMethodException>(static () => CallMethods.Throw("plain"));
        Assert.Equal(("System.InvalidOperationException", "no such ship"), (e.RemoteType, e.RemoteMessage));
        Assert.Contains("ThrowCore", e.RemoteStackTrace, StringComparison.Ordinal);
        Assert.Contains("ThrowCore", e.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(An_exception_arrives_with_type_message_and_stack), e.ToString(), StringComparison.Ordinal);
        Assert.Empty(e.InnerExceptions);
    }

    [KernelFact]
    public void Inner_exceptions_arrive_all_the_way_down()
    {
        var e = Assert.Throws<IsolatedMethodException>(static () => CallMethods.Throw("inner"));
        var middle = Assert.IsType<IsolatedMethodException>(e.InnerException);
        var innermost = Assert.IsType<IsolatedMethodException>(middle.InnerException);
        Assert.Equal(
            ("System.FormatException", "middle", "System.Collections.Generic.KeyNotFoundException", "innermost"),
            (middle.RemoteType, middle.RemoteMessage, innermost.RemoteType, innermost.RemoteMessage));
        Assert.Null(innermost.InnerException);
    }

    [KernelFact]
    public void An_AggregateException_keeps_all_of_its_parts()
    {
        var e = Assert.Throws<IsolatedMethodException>(static () => CallMethods.Throw("aggregate"));
        Assert.Equal(["System.FormatException", "System.InvalidOperationException"], e.InnerExceptions.Select(static inner => inner.RemoteType));
        Assert.Equal("inside two", e.InnerExceptions[1].InnerExceptions[0].RemoteMessage);
    }

    [KernelFact]
    public void An_exception_type_nobody_else_knows_arrives_by_name()
    {
        var e = Assert.Throws<IsolatedMethodException>(static () => CallMethods.Throw("own type"));
        Assert.EndsWith("CallMethods+ShipException", e.RemoteType, StringComparison.Ordinal);
    }

    [KernelFact]
    public void An_exception_whose_message_throws_arrives_too()
    {
        var e = Assert.Throws<IsolatedMethodException>(static () => CallMethods.Throw("treacherous"));
        Assert.EndsWith("TreacherousException", e.RemoteType, StringComparison.Ordinal);
        Assert.Contains("NotSupportedException", e.RemoteMessage, StringComparison.Ordinal);
    }

    [KernelTheory(Requires.Nothing)]
    [InlineData("exit", "exit code 3", "Environment.Exit")]
    [InlineData("fail fast", "signal SIGABRT", "standard error")]
    [InlineData("kill", "signal SIGKILL", "memory")]
    public void A_body_that_ends_its_process_is_an_IsolatedExitException(string how, string status, string advice)
    {
        var e = Assert.Throws<IsolatedExitException>(() => CallMethods.End(how));
        Assert.StartsWith(status, e.Status.ToString(), StringComparison.Ordinal);
        Assert.Contains(advice, e.Message, StringComparison.Ordinal);
    }

    [KernelFact]
    public async Task A_started_body_that_throws_tells_by_result_and_by_Failure()
    {
        using IsolatedProcess<int> process = CallMethods.ThrowTyped(new());
        Assert.Equal("typed", Assert.Throws<IsolatedMethodException>(() => process.GetResult()).RemoteMessage);
        Assert.Equal("typed", (await Assert.ThrowsAsync<IsolatedMethodException>(() => process.GetResultAsync())).RemoteMessage);
        Assert.Equal(1, process.WaitForExit().ExitCode);
        Assert.IsType<IsolatedMethodException>(process.Failure);
    }

    /// <summary>Whatever a body writes to the channel itself, the caller gets an exception and goes on.</summary>
    [KernelFact]
    public void A_body_that_scribbles_on_the_channel_harms_itself_only()
    {
        byte[][] scribbles =
        [
            [],
            [1],
            [0, 0, 0, 0, 0, 0, 0, 0, 0],
            [255, 255, 255, 255, 255, 255, 255, 255, 255],
            [1, 255, 255, 255, 255, 255, 255, 255, 127], // a result of 2^63 bytes
            [1, 1, 0, 0, 0, 0, 0, 0, 0, 7], // a result of one byte, which is no int
            [2, 1, 0, 0, 0, 0, 0, 0, 0, 7], // an exception of one byte
            [2, 16, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 127], // with 2^31 inner ones
        ];
        foreach (byte[] scribble in scribbles)
        {
            Assert.NotNull(Record.Exception(() => CallMethods.Scribble(scribble)));
        }

        Assert.Equal("still here", CallMethods.Echo("still here"));
    }
}
