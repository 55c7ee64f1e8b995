namespace NsGen.Tests;

public sealed class UtsTests
{
    private const string HostNameFile = "/proc/sys/kernel/hostname";
    private const string DomainNameFile = "/proc/sys/kernel/domainname";

    [KernelTheory, AsCaller]
    public void The_child_has_its_host_and_domain_name_and_the_parent_keeps_its_own(Namespaces with)
    {
        string before = File.ReadAllText(HostNameFile) + File.ReadAllText(DomainNameFile);
        var options = new IsolationOptions { Namespaces = Uts | with, HostName = "container", DomainName = "example.org" };
        Assert.Equal("container\nexample.org", Shell.Output(options, $"cat {HostNameFile} {DomainNameFile}"));
        Assert.Equal(before, File.ReadAllText(HostNameFile) + File.ReadAllText(DomainNameFile));
    }

    [KernelTheory, AsCaller]
    public void A_change_from_inside_stays_inside(Namespaces with)
    {
        string before = File.ReadAllText(HostNameFile);
        Assert.Equal("changed", IsolatedMethods.ChangeHostName("changed", new() { Namespaces = Uts | with, HostName = "container" }));
        Assert.Equal(before, File.ReadAllText(HostNameFile));
    }

    [KernelTheory, AsCaller]
    public void Without_a_name_the_child_starts_with_the_parents(Namespaces with)
        => Assert.Equal(File.ReadAllText(HostNameFile).TrimEnd(), Shell.In(Uts | with, $"cat {HostNameFile}"));

    [KernelTheory, AsCaller]
    public void A_name_may_have_64_bytes_and_letters_beyond_ASCII(Namespaces with)
    {
        string longest = new('h', 64);
        Assert.Equal(longest, Shell.Output(new() { Namespaces = Uts | with, HostName = longest }, $"cat {HostNameFile}"));
        Assert.Equal("küche", Shell.Output(new() { Namespaces = Uts | with, HostName = "küche" }, $"cat {HostNameFile}"));
    }
}
