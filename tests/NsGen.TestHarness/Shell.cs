namespace NsGen.Tests;

/// <summary>How a child ended and what it said.</summary>
internal sealed record Finished(ExitStatus Status, string Output, string Error);

/// <summary>Runs programs in isolation and collects what they say. A child that hangs is killed, so no test does.</summary>
internal static class Shell
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a line of sh(1) that has to succeed.</summary>
    /// <returns>Its output without the last newline.</returns>
    public static string Output(IsolationOptions options, string script)
    {
        Finished finished = Run(options, script);
        Assert.True(finished.Status.IsSuccess, $"{finished.Status}\n{finished.Output}\n{finished.Error}");
        return finished.Output;
    }

    /// <inheritdoc cref="Output(IsolationOptions, string)"/>
    public static string In(Namespaces namespaces, string script) => Output(new IsolationOptions { Namespaces = namespaces }, script);

    /// <summary>Runs a line of sh(1), whatever comes of it.</summary>
    public static Finished Run(IsolationOptions options, string script) => RunProgram(options, "/bin/sh", "-c", script);

    /// <summary>Runs a program, whatever comes of it.</summary>
    public static Finished RunProgram(IsolationOptions options, string path, params string[] arguments)
    {
        options.StandardOutput ??= Redirection.Pipe;
        options.StandardError ??= Redirection.Pipe;
        options.Timeout ??= s_patience;
        using var child = IsolatedProcess.Start(path, arguments, options);
        Task<string> error = options.StandardError == Redirection.Pipe ? child.StandardError.ReadToEndAsync() : Task.FromResult("");
        string output = options.StandardOutput == Redirection.Pipe ? child.StandardOutput.ReadToEnd() : "";
        ExitStatus status = child.WaitForExit();
        Assert.False(child.TimedOut, $"{path} {string.Join(' ', arguments)} hangs");
        return new Finished(status, output.TrimEnd('\n'), error.GetAwaiter().GetResult().TrimEnd('\n'));
    }

    /// <summary>A child that lives until its input ends or it is killed.</summary>
    public static IsolatedProcess StartWaiting(IsolationOptions options)
    {
        options.StandardInput = Redirection.Pipe;
        options.StandardOutput ??= Redirection.Null;
        options.Timeout ??= s_patience;
        return IsolatedProcess.Start("/bin/cat", [], options);
    }
}
