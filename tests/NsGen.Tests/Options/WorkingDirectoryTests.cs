namespace NsGen.Tests;

public sealed class WorkingDirectoryTests
{
    [KernelTheory, AsCaller]
    public void The_child_starts_in_it(Namespaces with)
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal(directory.Path, Shell.Output(new() { Namespaces = with, WorkingDirectory = directory.Path }, "pwd"));
    }

    [KernelFact]
    public void By_default_it_is_the_callers()
        => Assert.Equal(Environment.CurrentDirectory, Shell.Output(new(), "pwd -P"));

    [KernelTheory, AsCaller]
    public void It_is_entered_after_proc_is_mounted(Namespaces with)
        => Assert.Equal("1", Shell.Output(new() { Namespaces = Pid | Mount | with, WorkingDirectory = "/proc" }, "set -- [0-9]*; echo $1"));

    [KernelFact]
    public void A_relative_program_is_meant_from_here_not_from_there()
    {
        using var directory = new TemporaryDirectory();
        string program = directory.Write("program", "#!/bin/sh\npwd\n", executable: true);
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, program);
        Finished finished = Shell.RunProgram(new() { WorkingDirectory = "/" }, relative);
        Assert.Equal("/", finished.Output);
    }

    [KernelFact]
    public void A_relative_directory_of_PATH_is_meant_from_here_not_from_there()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("nsgen-program", "#!/bin/sh\npwd\n", executable: true);
        string deep = Directory.CreateDirectory(Path.Combine(directory.Path, string.Join('/', Enumerable.Repeat("deeper", 20)))).FullName;
        var options = new IsolationOptions { WorkingDirectory = deep };
        options.Environment["PATH"] = Path.GetRelativePath(Environment.CurrentDirectory, directory.Path);
        Assert.Equal(deep, Shell.RunProgram(options, "nsgen-program").Output);
    }
}
