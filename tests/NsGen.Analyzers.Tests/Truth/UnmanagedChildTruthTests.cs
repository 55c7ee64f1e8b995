using NsGen.Analyzers.Tests.Harness;
using Xunit;

namespace NsGen.Analyzers.Tests.Truth;

/// <summary>
/// NSG108's claim, shown: a program does not survive its C# children under GC stress, and survives native ones. It ends with SIGSEGV, or
/// hangs, the child waiting for a collection that waits for the thread the child runs as, or runs on with its locals overwritten.
/// </summary>
public sealed class UnmanagedChildTruthTests
{
    private const int Seconds = 5;
    private const int MaxRuns = 2;

    // A program that is asked to stop after five seconds and has not by then never will; the native one has to keep to it as well.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(45);

    // Process.ExitCode of a process that a signal ended is 128 + the signal.
    private const int Aborted = 128 + 6;
    private const int SegmentationFault = 128 + 11;

    [Fact]
    public void A_child_in_csharp_crashes_or_hangs_its_parent()
    {
        List<string> runs = [];
        for (int run = 0; run < MaxRuns; run++)
        {
            using ManagedProgram program = ManagedProgram.FromResource("UnmanagedChild.cs");
            ProgramResult result = program.Run("", s_limit, "csharp", Seconds);
            if (result.TimedOut || result.ExitCode is Aborted or SegmentationFault)
            {
                return;
            }

            runs.Add($"exit code {result.ExitCode} after {result.Lines.Count} launches {result.Error}");
        }

        Assert.Fail("it survived:\n" + string.Join("\n", runs));
    }

    [Fact]
    public void A_child_in_native_code_does_not()
    {
        using ManagedProgram program = ManagedProgram.FromResource("UnmanagedChild.cs");
        ProgramResult result = program.Run("", s_limit, "native", Seconds);
        Assert.False(result.TimedOut);
        Assert.True(result.ExitCode == 0, $"exit code {result.ExitCode}\n{result.Error}");
        Assert.NotEmpty(result.Lines);
    }
}
