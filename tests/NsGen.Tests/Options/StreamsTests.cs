using Microsoft.Win32.SafeHandles;

namespace NsGen.Tests;

/// <summary>Standard input, output and error: pipe, /dev/null, a handle, the parent's own.</summary>
public sealed class StreamsTests
{
    [KernelTheory, AsCaller]
    public void Pipes_lead_to_the_parent(Namespaces with)
    {
        var options = new IsolationOptions
        {
            Namespaces = with,
            StandardInput = Redirection.Pipe,
            StandardOutput = Redirection.Pipe,
            StandardError = Redirection.Pipe,
        };
        using var child = IsolatedProcess.Start("/bin/sh", ["-c", "read line; echo out $line; echo err $line >&2"], options);
        child.StandardInput.WriteLine("ümlaut");
        Assert.Equal("out ümlaut\n", child.StandardOutput.ReadToEnd());
        Assert.Equal("err ümlaut\n", child.StandardError.ReadToEnd());
        Assert.True(child.WaitForExit().IsSuccess);
    }

    [KernelFact]
    public async Task A_megabyte_goes_through_a_child_and_back()
    {
        var options = new IsolationOptions { StandardInput = Redirection.Pipe, StandardOutput = Redirection.Pipe };
        using var child = IsolatedProcess.Start("/bin/cat", [], options);
        string text = new('x', 1 << 20);
        Task<string> back = child.StandardOutput.ReadToEndAsync();
        await child.StandardInput.WriteAsync(text);
        await child.StandardInput.DisposeAsync();
        Assert.Equal(text, await back);
        Assert.True((await child.WaitForExitAsync()).IsSuccess);
    }

    [KernelFact]
    public void Null_reads_nothing_and_keeps_nothing()
    {
        var options = new IsolationOptions { StandardInput = Redirection.Null, StandardError = Redirection.Null };
        Assert.Equal("0 /dev/null", Shell.Output(options, "echo $(wc -c) $(readlink /proc/self/fd/2)"));
    }

    [KernelFact]
    public void A_handle_stays_the_callers()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("out", "");
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
        {
            Shell.RunProgram(new() { StandardOutput = Redirection.FromHandle(file) }, "/bin/echo", "one");
            Assert.False(file.IsClosed);
            RandomAccess.Write(file, "two\n"u8, 4);
        }

        Assert.Equal("one\ntwo\n", File.ReadAllText(path));
    }

    [KernelFact]
    public void One_handle_may_serve_as_output_and_error()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("out", "");
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
        {
            Redirection both = Redirection.FromHandle(file);
            Shell.Run(new() { StandardOutput = both, StandardError = both }, "echo one; echo two >&2");
        }

        Assert.Equal("one\ntwo\n", File.ReadAllText(path));
    }

    [KernelFact]
    public void Inherited_streams_are_the_parents_files()
    {
        string own = Proc.Target("/proc/self/fd/2");
        Assert.Equal(own, Shell.Output(new() { StandardError = Redirection.Inherit }, "readlink /proc/self/fd/2"));
    }

    [KernelFact]
    public void A_stream_that_is_not_a_pipe_says_which_option_makes_it_one()
    {
        using var child = IsolatedProcess.Start("/bin/true", []);
        Assert.Contains("StandardOutput = Redirection.Pipe", Assert.Throws<InvalidOperationException>(() => child.StandardOutput).Message, StringComparison.Ordinal);
        Assert.Contains("StandardError = Redirection.Pipe", Assert.Throws<InvalidOperationException>(() => child.StandardError).Message, StringComparison.Ordinal);
        Assert.Contains("StandardInput = Redirection.Pipe", Assert.Throws<InvalidOperationException>(() => child.StandardInput).Message, StringComparison.Ordinal);
        child.WaitForExit();
    }

    [KernelFact]
    public void Writing_to_a_child_that_has_ended_is_an_IOException_and_disposing_is_none()
    {
        var child = IsolatedProcess.Start("/bin/true", [], new() { StandardInput = Redirection.Pipe });
        child.WaitForExit();
        Assert.Throws<IOException>(() => child.StandardInput.WriteLine("too late"));
        child.Dispose();
    }

    [KernelFact]
    public void A_closed_handle_is_refused()
    {
        SafeFileHandle closed = File.OpenHandle("/dev/null");
        closed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => IsolatedProcess.Start("/bin/true", [], new() { StandardInput = Redirection.FromHandle(closed) }));
    }
}
