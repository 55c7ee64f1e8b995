namespace NsGen.Tests;

/// <summary>Programs that cannot be executed: each error names its step, its errno and what to do.</summary>
public sealed class ExecErrorTests
{
    [KernelTheory, AsCaller]
    public void A_missing_file(Namespaces with)
        => Expect(Fails("/nonexistent/program", new() { Namespaces = with }), "execve /nonexistent/program", "ENOENT", "does not exist");

    [KernelFact]
    public void A_name_that_PATH_does_not_have()
        => Expect(Fails("nsgen-no-such-program"), "execve nsgen-no-such-program", "ENOENT", "No directory of PATH has a program of the name nsgen-no-such-program");

    [KernelFact]
    public void A_file_that_is_not_executable()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("program", "#!/bin/sh\n");
        Expect(Fails(file), $"execve {file}", "EACCES", "chmod +x");
    }

    [KernelFact]
    public void A_directory()
        => Expect(Fails("/tmp"), "execve /tmp", "EACCES", "directory");

    [KernelFact]
    public void A_path_through_a_file()
        => Expect(Fails("/etc/passwd/program"), "execve /etc/passwd/program", "ENOTDIR", "not a directory");

    [KernelFact]
    public void A_script_whose_interpreter_is_missing()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("script", "#!/nonexistent/interpreter -x\n", executable: true);
        Expect(Fails(file), $"execve {file}", "ENOENT", "interpreter /nonexistent/interpreter does not");
    }

    [KernelFact]
    public void A_file_that_is_no_program()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("text", "just text\n", executable: true);
        Expect(Fails(file), $"execve {file}", "ENOEXEC", "#!");
    }

    [KernelFact]
    public void A_file_open_for_writing()
    {
        using var directory = new TemporaryDirectory();
        string file = Path.Combine(directory.Path, "true");
        File.Copy("/bin/true", file);
        using var writer = File.Open(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        Expect(Fails(file), $"execve {file}", "ETXTBSY", "open for writing");
    }

    [KernelFact]
    public void Arguments_that_are_too_long()
    {
        var e = Assert.Throws<LaunchException>(() => IsolatedProcess.Start("/bin/true", [new string('x', 200_000)]));
        Expect(e, "execve /bin/true", "E2BIG", "131072");
    }

    [KernelFact(Requires.Root)]
    public void A_file_that_the_childs_user_may_not_execute()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("program", "#!/bin/sh\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Expect(Fails(file, new() { UserId = 65534, GroupId = 65534 }), $"execve {file}", "EACCES", "child's user may not execute");
    }

    [KernelTheory, AsCaller]
    public void A_missing_working_directory(Namespaces with)
        => Expect(Fails("/bin/true", new() { Namespaces = with, WorkingDirectory = "/nonexistent" }), "chdir /nonexistent", "ENOENT", "does not exist");

    [KernelFact]
    public void A_working_directory_that_is_a_file()
        => Expect(Fails("/bin/true", new() { WorkingDirectory = "/etc/passwd" }), "chdir /etc/passwd", "ENOTDIR", "not a directory");

    [KernelFact(Requires.Root)]
    public void A_working_directory_the_childs_user_may_not_enter()
    {
        using var directory = new TemporaryDirectory();
        File.SetUnixFileMode(directory.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Expect(
            Fails("/bin/true", new() { WorkingDirectory = directory.Path, UserId = 65534, GroupId = 65534 }), $"chdir {directory.Path}", "EACCES", "may not enter");
    }

    [KernelFact]
    public async Task The_asynchronous_start_fails_in_the_same_way()
    {
        var e = await Assert.ThrowsAsync<LaunchException>(() => IsolatedProcess.StartAsync("/nonexistent/program", []));
        Expect(e, "execve /nonexistent/program", "ENOENT", "does not exist");
    }

    private static LaunchException Fails(string path, IsolationOptions? options = null)
        => Assert.Throws<LaunchException>(() => IsolatedProcess.Start(path, [], options));

    internal static void Expect(LaunchException e, string step, string errno, string hint)
    {
        Assert.Equal((step, errno), (e.Step, e.ErrnoName));
        Assert.Contains(hint, e.Hint, StringComparison.Ordinal);
        Assert.StartsWith($"{step}: ", e.Message, StringComparison.Ordinal);
        Assert.Contains($"({errno})", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(e.Hint!, e.Message, StringComparison.Ordinal);
    }
}
