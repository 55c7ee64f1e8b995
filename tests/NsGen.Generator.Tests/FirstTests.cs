using NsGen.Generator.Tests.Harness;

namespace NsGen.Generator.Tests;

public sealed class FirstTests
{
    [Fact]
    public void A_string_goes_and_comes_back()
    {
        GeneratedProgram program = new GeneratorHarness().Check("""
            public static partial class Demo
            {
                [Isolated(Uts | Pid, HostName = "container")]
                public static partial string Greet(string name);

                static string GreetCore(string name) => $"hello {name}";
            }
            """);
        Assert.Equal(["Demo.Greet.g.cs", "NsGen.Entry.g.cs"], program.Files.Keys);
    }
}
