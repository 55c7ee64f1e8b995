namespace NsGen.Tests;

public sealed class CgroupTests
{
    [KernelTheory, AsCaller]
    public void The_childs_own_cgroup_is_the_root_it_sees(Namespaces with)
        => Assert.All(
            Shell.In(Cgroup | with, "cat /proc/self/cgroup").Split('\n'),
            static line => Assert.Equal("/", line.Split(':', 3)[2]));
}
