using System.Globalization;
using System.Text.RegularExpressions;

namespace NsGen.Tests;

/// <summary>Between clone and execve the child makes the script's system calls, in order, and no other: seen by strace(1).</summary>
public sealed partial class SystemCallTraceTests
{
    [KernelFact(Requires.Ptrace | Requires.UserNamespaces, Tools = "strace")]
    public void The_child_makes_exactly_the_scripts_system_calls()
    {
        (int[] script, int[] traced) = Trace();
        Assert.Equal(Collapse(script), Collapse(traced));
        Assert.True(script.Length > 20, "the script has steps of every kind");
    }

    [KernelFact(Requires.Ptrace | Requires.UserNamespaces, Tools = "strace")]
    public void A_call_too_many_would_be_seen()
    {
        (int[] script, int[] traced) = Trace();
        Assert.NotEqual(Collapse(script)[1..], Collapse(traced));
        Assert.NotEqual(Collapse([.. script, 39]), Collapse(traced));
    }

    /// <summary>The handlers are reset in a loop of as many calls as there are signals: one step.</summary>
    private static int[] Collapse(int[] calls)
    {
        int sigAction = (int)Native.SyscallNumbers.RtSigAction;
        return [.. calls.Where((call, index) => call != sigAction || index == 0 || calls[index - 1] != sigAction)];
    }

    private static (int[] Script, int[] Traced) Trace()
    {
        using var directory = new TemporaryDirectory();
        string trace = Path.Combine(directory.Path, "trace");

        // Time needs a kernel that has it; the app asks for all namespaces.
        Finished app = TestApp.Run(new("strace", ["-f", "-n", "-o", trace, DotNetCli.Path, TestApp.Dll, "trace"]));
        Assert.True(app.Status.IsSuccess, app.Output + app.Error);
        int[] script = [.. app.Output.Split('\n').Select(static line => Number(line.Split(' ')[0]))];

        (string Process, int Call, string Text)[] lines = [.. TraceLine().Matches(File.ReadAllText(trace))
            .Select(static match => (match.Groups[1].Value, Number(match.Groups[2].Value), match.Groups[3].Value))];
        string child = lines.Last(static line => line.Text.StartsWith("execve(\"/bin/true\"", StringComparison.Ordinal)).Process;
        var traced = new List<int>();
        foreach ((string process, int call, string text) in lines)
        {
            if (process == child)
            {
                traced.Add(call);
                if (text.StartsWith("execve(", StringComparison.Ordinal))
                {
                    break;
                }
            }
        }

        return (script, [.. traced]);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    // "1234  [ 157] prctl(…": the process, the call's number, the call.
    [GeneratedRegex(@"^(\d+)\s+\[\s*(\d+)\] (?!<\.\.\.)(.*)$", RegexOptions.Multiline)]
    private static partial Regex TraceLine();
}
