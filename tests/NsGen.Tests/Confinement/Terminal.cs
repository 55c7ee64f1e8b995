using System.Diagnostics;
using System.Text;

namespace NsGen.Tests;

/// <summary>A terminal by script(1): what is typed goes to its standard input, what is shown comes from its standard output.</summary>
internal sealed class Terminal : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _script;
    private readonly StringBuilder _shown = new();

    /// <param name="command">A program and its arguments, none of which the shell reads otherwise than as it stands.</param>
    public Terminal(params string[] command)
    {
        // --return: with the command's exit code. The record goes nowhere. exec: the shell would get the keys' signals as well.
        string quoted = "exec " + string.Join(' ', command.Select(static word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        var start = new ProcessStartInfo(Requirements.FindTool("script")!, ["--quiet", "--return", "--command", quoted, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "dumb";
        _script = Process.Start(start)!;
    }

    /// <summary>Types keys; \x03 is Ctrl-C, \x1a Ctrl-Z.</summary>
    public void Type(string keys)
    {
        _script.StandardInput.Write(keys);
        _script.StandardInput.Flush();
    }

    /// <summary>Waits until a text is shown, after what was expected before.</summary>
    public async Task Expect(string text)
    {
        using var patience = new CancellationTokenSource(s_patience);
        var buffer = new char[1024];
        while (true)
        {
            string shown = _shown.ToString();
            if (shown.IndexOf(text, StringComparison.Ordinal) is var at and >= 0)
            {
                _shown.Remove(0, at + text.Length);
                return;
            }

            int count = 0;
            try
            {
                count = await _script.StandardOutput.ReadAsync(buffer, patience.Token);
            }
            catch (OperationCanceledException)
            {
                // Told below.
            }

            Assert.True(count > 0, $"\"{text}\" does not appear; what does is:\n{_shown}");
            _shown.Append(buffer, 0, count);
        }
    }

    /// <summary>The exit code of the command.</summary>
    public async Task<int> ExitCode()
    {
        using var patience = new CancellationTokenSource(s_patience);
        await _script.WaitForExitAsync(patience.Token);
        return _script.ExitCode;
    }

    public void Dispose()
    {
        if (!_script.HasExited)
        {
            _script.Kill(entireProcessTree: true);
            _script.WaitForExit();
        }

        _script.Dispose();
    }
}
