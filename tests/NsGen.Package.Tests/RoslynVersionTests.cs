using System.Diagnostics;
using System.IO.Compression;

namespace NsGen.Package.Tests;

/// <summary>The package in the compilers of older and newer SDKs and editors than the one that built it.</summary>
[Collection(PackedFeedTests.Name)]
public sealed class RoslynVersionTests(PackedFeed feed)
{
    [KernelTheory(Requires.Nothing)]
    [InlineData("4.8")]
    [InlineData("4.14")]
    [InlineData("5.12")]
    public void Generator_and_rules_run(string version)
    {
        string folder = feed.Consumer("RoslynHost");
        ZipFile.ExtractToDirectory(feed.PackageFile("NsGen"), Path.Combine(folder, "package"));
        string user = Path.Combine(folder, "User.txt");
        File.WriteAllText(user, """
            using System;
            using System.Runtime.InteropServices;
            using NsGen;
            using static NsGen.Namespaces;

            [assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

            internal static partial class Demo
            {
                [Isolated(Uts | Pid, HostName = "container")]
                public static partial string Greet(string name, DateTime[] dates, IsolationOptions options);

                private static string GreetCore(string name, DateTime[] dates) => name;

                [Isolated(Uts)]
                public static partial string NoBody();

                [DllImport("libc", SetLastError = true)]
                private static extern int unshare(int flags);

                public static void Leave() => unshare(0x10000000);
            }
            """);

        DotNetCli.Output(folder, "build", $"-p:RoslynVersion={version}.0", "-o", Path.Combine(folder, "out"));
        Finished finished = TestApp.Run(new ProcessStartInfo(
            Path.Combine(folder, "out", "RoslynHost"), [Path.Combine(folder, "package/analyzers/dotnet/cs"), user]));

        Assert.Equal("", finished.Error);
        Assert.Equal(
            $"""
            Roslyn {version}
            Error NSG003 line 16
            Warning NSG106 line 21
            Error NSG202 line 21
            1 generator, 3 files, analyzers
            compiles
            """,
            finished.Output);
    }
}
