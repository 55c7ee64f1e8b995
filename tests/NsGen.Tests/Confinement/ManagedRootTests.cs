namespace NsGen.Tests;

public sealed class ManagedRootTests
{
    [KernelTheory, AsCaller]
    public void A_managed_body_whose_program_the_root_does_not_show_is_refused(Namespaces with)
    {
        using var root = new TemporaryDirectory();
        var refused = Assert.Throws<ArgumentException>(
            () => IsolatedMethods.TickCount(new() { Namespaces = Mount | Pid | with, RootDirectory = root.Path }));
        Assert.Contains("run a program of the root with Exec", refused.Message, StringComparison.Ordinal);
    }

    [KernelTheory, AsCaller]
    public void A_managed_body_runs_in_a_root_that_shows_its_program(Namespaces with)
    {
        using var root = new TemporaryDirectory();
        string runtime = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        IEnumerable<string> directories = ((string[])["/lib", "/lib64", "/usr/lib", "/etc", runtime, AppContext.BaseDirectory, Path.GetDirectoryName(Environment.ProcessPath)!])
            .Where(Directory.Exists)
            .Distinct();
        var options = new IsolationOptions
        {
            Namespaces = Mount | Pid | with,
            RootDirectory = root.Path,
            ReadOnlyRoot = true,
            Mounts = [MountEntry.Tmpfs("/tmp"), .. directories.Select(static directory => MountEntry.BindReadOnly(directory)), MountEntry.Dev()],
        };
        Assert.NotEqual(0, IsolatedMethods.TickCount(options));
    }
}
