using System.Globalization;

namespace NsGen.Tests;

/// <summary>StackSize, NoNewPrivileges, NewSession, Environment.</summary>
public sealed class ProcessOptionsTests
{
    [KernelTheory]
    [InlineData(16 * 1024)]
    [InlineData(16 * 1024 + 1)]
    [InlineData(8 * 1024 * 1024)]
    public void A_child_starts_on_a_stack_of_any_size_from_16_KiB(int size)
        => Assert.Equal("yes", Shell.Output(new() { Namespaces = Requirements.IsRoot ? All & ~User : All, HostName = "x", StackSize = size }, "echo yes"));

    [KernelTheory, AsCaller]
    public void NoNewPrivileges_is_set_when_asked_for(Namespaces with)
    {
        Assert.Equal("1", Shell.Output(new() { Namespaces = with, NoNewPrivileges = true }, "grep NoNewPrivs /proc/self/status | cut -f2"));
        string own = Proc.Status("self", "NoNewPrivs");
        Assert.Equal(own, Shell.Output(new() { Namespaces = with }, "grep NoNewPrivs /proc/self/status | cut -f2"));
    }

    [KernelTheory, AsCaller]
    public void NewSession_makes_the_child_a_session_leader(Namespaces with)
    {
        using IsolatedProcess inOurs = Shell.StartWaiting(new() { Namespaces = with });
        using IsolatedProcess inOwn = Shell.StartWaiting(new() { Namespaces = with, NewSession = true });
        Assert.Equal(Session(Environment.ProcessId), Session(inOurs.Id));
        Assert.Equal(inOwn.Id, Session(inOwn.Id));
        inOurs.Kill();
        inOwn.Kill();
    }

    [KernelTheory, AsCaller]
    public void The_environment_is_ours_with_the_changes_asked_for(Namespaces with)
    {
        Environment.SetEnvironmentVariable("NSGEN_TEST_KEPT", "kept");
        Environment.SetEnvironmentVariable("NSGEN_TEST_REMOVED", "removed");
        var options = new IsolationOptions { Namespaces = with };
        options.Environment["NSGEN_TEST_ADDED"] = "äöü = 1\n2";
        options.Environment["NSGEN_TEST_REMOVED"] = null;
        Assert.Equal("kept||äöü = 1\n2", Shell.Output(options, "echo \"$NSGEN_TEST_KEPT|$NSGEN_TEST_REMOVED|$NSGEN_TEST_ADDED\""));
    }

    [KernelFact]
    public void A_cleared_environment_is_empty()
    {
        var options = new IsolationOptions();
        options.Environment.Clear();
        Assert.Equal("", Shell.RunProgram(options, "/usr/bin/env").Output);
    }

    [KernelFact]
    public void A_variable_changed_later_is_seen_by_the_next_child()
    {
        Environment.SetEnvironmentVariable("NSGEN_TEST_LATER", "1");
        Assert.Equal("1", Shell.Output(new(), "echo $NSGEN_TEST_LATER"));
        Environment.SetEnvironmentVariable("NSGEN_TEST_LATER", "2");
        Assert.Equal("2", Shell.Output(new(), "echo $NSGEN_TEST_LATER"));
    }

    [KernelFact]
    public void A_nameless_variable_of_our_own_environment_stops_no_launch()
    {
        // env(1) makes such things: "=value".
        Finished app = TestApp.Run(new("/usr/bin/env", ["=strange", DotNetCli.Path, TestApp.Dll, "shell", "None", "echo started"]));
        Assert.Equal("started", app.Output);
    }

    [KernelFact]
    public void Arguments_arrive_as_they_are()
    {
        string[] arguments = ["", " ", "a b", "\"quoted\"", "$HOME", "ü€𝄞", "line\nbreak"];
        Finished finished = Shell.RunProgram(new(), "/usr/bin/printf", ["%s|", .. arguments]);
        Assert.Equal(string.Join('|', arguments) + "|", finished.Output);
    }

    [KernelFact]
    public void A_name_without_a_slash_is_looked_up_in_the_childs_PATH()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("nsgen-program", "#!/bin/sh\necho \"$0\"\n", executable: true);
        var options = new IsolationOptions();
        options.Environment["PATH"] = $"/nonexistent:{directory.Path}:/bin";
        Assert.Equal(Path.Combine(directory.Path, "nsgen-program"), Shell.RunProgram(options, "nsgen-program").Output);
    }

    private static int Session(int processId)
    {
        // proc(5): pid (comm) state ppid pgrp session
        string stat = File.ReadAllText(FormattableString.Invariant($"/proc/{processId}/stat"));
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3], CultureInfo.InvariantCulture);
    }
}
