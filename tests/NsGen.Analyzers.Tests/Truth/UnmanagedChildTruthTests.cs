using NsGen.Analyzers.Tests.Harness;
using Xunit;

namespace NsGen.Analyzers.Tests.Truth;

/// <summary>NSG108's claim, shown: the same program crashes with a C# child and does not with a native one.</summary>
public sealed class UnmanagedChildTruthTests
{
    private const int Seconds = 60;

    // Process.ExitCode of a process that a signal ended is 128 + the signal.
    private const int Aborted = 128 + 6;
    private const int SegmentationFault = 128 + 11;

    [Fact]
    public void A_child_in_csharp_crashes_its_parent_within_a_minute()
    {
        using ManagedProgram program = new("UnmanagedChild.cs");
        (int exitCode, string output, string error) = program.Run("", "csharp", Seconds);
        Assert.True(
            exitCode is Aborted or SegmentationFault,
            $"no crash: exit code {exitCode} after {output.Trim()} launches\n{error}");
    }

    [Fact]
    public void A_child_in_native_code_does_not()
    {
        using ManagedProgram program = new("UnmanagedChild.cs");
        (int exitCode, string output, string error) = program.Run("", "native", 5);
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{error}");
        Assert.True(int.Parse(output) > 100, "only " + output + " launches");
    }
}
