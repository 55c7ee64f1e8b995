namespace NsGen.Tests;

/// <summary>Which namespaces a child has of its own, read from /proc/PID/ns by inode.</summary>
public sealed class NamespaceLinksTests
{
    public static TheoryData<Namespaces> EachKind => [.. Proc.Links.Keys];

    [KernelTheory, MemberData(nameof(EachKind))]
    public void A_single_flag_makes_that_namespace_and_no_other(Namespaces kind)
    {
        Namespaces asked = Requirements.IsRoot ? kind : kind | User;
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = asked });
        Assert.Equal(asked, Proc.Difference(Environment.ProcessId, child.Id));
        child.Kill();
    }

    [KernelFact(Requires.Isolation)]
    public void Each_of_the_256_combinations_makes_exactly_the_namespaces_it_names()
    {
        var wrong = new List<string>();
        Namespaces[] kinds = [.. Proc.Links.Keys];
        for (int bits = 0; bits < 1 << kinds.Length; bits++)
        {
            Namespaces asked = kinds.Where((_, i) => (bits & (1 << i)) != 0).Aggregate(None, static (sum, kind) => sum | kind);
            if (!Requirements.IsRoot && asked != None)
            {
                asked |= User;
            }

            using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = asked });
            Namespaces made = Proc.Difference(Environment.ProcessId, child.Id);
            child.Kill();
            child.WaitForExit();
            if (made != asked)
            {
                wrong.Add($"asked for {asked}, got {made}");
            }
        }

        Assert.Empty(wrong);
    }

    [KernelFact]
    public void Without_flags_every_link_is_the_parents()
    {
        using IsolatedProcess child = Shell.StartWaiting(new());
        Assert.Equal(None, Proc.Difference(Environment.ProcessId, child.Id));
        child.Kill();
    }

    [KernelFact(Requires.Isolation)]
    public void Two_children_share_none_of_their_namespaces()
    {
        using IsolatedProcess one = Shell.StartWaiting(new() { Namespaces = All });
        using IsolatedProcess other = Shell.StartWaiting(new() { Namespaces = All });
        Assert.Equal(All, Proc.Difference(one.Id, other.Id));
        one.Kill();
        other.Kill();
    }

    [KernelFact]
    public void The_table_of_links_is_the_kernels()
    {
        Assert.Equal(
            Directory.EnumerateFiles("/proc/self/ns").Select(Path.GetFileName).Where(static name => !name!.EndsWith("_for_children", StringComparison.Ordinal)).Order(),
            NamespaceNames.All.Select(static entry => entry.Link).Order());
        Assert.All(NamespaceNames.All, static entry => Assert.True(File.Exists($"/proc/sys/user/{entry.Limit}"), entry.Limit));
    }
}
