using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.Tests.Harness;
using NsGen.Launch;
using Xunit;
using static NsGen.Launch.CloneFlagRules;

namespace NsGen.Analyzers.Tests.Truth;

/// <summary>NSG101 says what the running kernel says, for every combination of flags that could matter.</summary>
public sealed class RefusedFlagsTruthTests
{
    private const int Einval = 22;
    private const int Eperm = 1;

    private static readonly ulong[] s_cloneFlags =
        [Vm, Fs, Files, SigHand, PidFd, CloneFlagRules.Thread, NewNs, SysVSem, ParentSetTid, Detached, NewUts, NewIpc, NewUser, NewPid];

    private static readonly ulong[] s_unshareFlags =
        [NewTime, Vm, Fs, Files, SigHand, CloneFlagRules.Thread, NewNs, SysVSem, NewCgroup, NewUts, NewIpc, NewUser, NewPid, NewNet];

    private static readonly AnalyzerConfigText s_clone3 = new("[*.cs]\nnsgen.raw_call_wrappers = Sys.Clone3=clone3\n");

    private static readonly ulong[] s_namespaces = [NewTime, NewNs, NewCgroup, NewUts, NewIpc, NewUser, NewPid, NewNet];

    [Fact]
    public async Task Clone_agrees_for_all_combinations_of_fourteen_flags() => await Compare(
        "clone", [.. Subsets(s_cloneFlags)], "clone(fn, top, unchecked((int)0x{0:x}), null)", alsoReported: _ => false);

    /// <summary>PIDFD with PARENT_SETTID is refused by clone only, SIGHAND with CLEAR_SIGHAND exists in clone3 only.</summary>
    [Fact]
    public async Task Clone3_agrees_for_all_combinations_and_for_every_bit() => await Compare(
        "clone3",
        [.. Subsets([.. s_cloneFlags.Except([Files, NewUts]), NewTime, ClearSigHand]), .. Bits().Select(b => b | NewUts), .. Bits()],
        "Sys.Clone3(0x{0:x})",
        alsoReported: _ => false);

    /// <summary>CLONE_NEWUSER alone is NSG202's: it fails because .NET is multithreaded.</summary>
    [Fact]
    public async Task Unshare_agrees_for_all_combinations_and_for_every_bit() => await Compare(
        "unshare",
        [.. Subsets(s_unshareFlags), .. Bits().Select(b => b | NewUts), .. Bits()],
        "unshare(unchecked((int)0x{0:x}))",
        alsoReported: f => (f & NewUser) != 0);

    /// <summary>setns(CLONE_NEWUSER) is NSG202's too.</summary>
    [Fact]
    public async Task Setns_agrees_for_all_combinations_and_for_every_bit() => await Compare(
        "setns",
        [.. Subsets(s_namespaces), .. Bits().Select(b => b | NewUts), .. Bits()],
        "setns(fd, unchecked((int)0x{0:x}))",
        alsoReported: f => (f & NewUser) != 0);

    private static IEnumerable<ulong> Subsets(ulong[] flags)
    {
        for (int choice = 0; choice < 1 << flags.Length; choice++)
        {
            ulong set = 0;
            for (int i = 0; i < flags.Length; i++)
            {
                set |= (choice & (1 << i)) != 0 ? flags[i] : 0;
            }

            yield return set;
        }
    }

    private static IEnumerable<ulong> Bits() => Enumerable.Range(0, 32).Select(i => 1UL << i);

    private static async Task Compare(string call, ulong[] flags, string format, Func<ulong, bool> alsoReported)
    {
        int[] answers = Ask(call, flags);
        HashSet<int> reported = await Analyze(flags, format);
        List<string> disagreements = [];
        int compared = 0;
        for (int i = 0; i < flags.Length; i++)
        {
            // Without CAP_SYS_ADMIN the kernel looks at the privileges before it looks at some of the flags.
            if (answers[i] == Eperm)
            {
                continue;
            }

            compared++;
            bool refused = answers[i] == Einval;
            if (refused != (reported.Contains(i) || alsoReported(flags[i])))
            {
                disagreements.Add($"{call} 0x{flags[i]:x}: errno {answers[i]}, reported {reported.Contains(i)}");
            }
        }

        Assert.True(disagreements.Count == 0, $"{disagreements.Count} of {compared}:\n" + string.Join("\n", disagreements.Take(40)));
        Assert.True(compared > flags.Length / 4, $"only {compared} of {flags.Length} could be compared");
    }

    private static int[] Ask(string call, ulong[] flags)
    {
        using ManagedProgram program = ManagedProgram.FromResource("KernelAnswers.cs");
        ProgramResult result = program.Run(
            string.Join('\n', flags.Select(f => f.ToString("x", CultureInfo.InvariantCulture))), TimeSpan.FromMinutes(5), call);
        Assert.True(result.ExitCode == 0, $"exit code {result.ExitCode}\n{result.Error}");
        int[] answers = [.. result.Lines.Select(int.Parse)];
        Assert.Equal(flags.Length, answers.Length);
        return answers;
    }

    /// <summary>The indices of the flags that NSG101 reports, from one program that has all the calls, one to a line.</summary>
    private static async Task<HashSet<int>> Analyze(ulong[] flags, string format)
    {
        const int LinesPerMethod = 256;
        const string Header = "using static Tmds.Linux.LibC; static class Sys { public static int Clone3(ulong flags) => 0; } unsafe class C {";
        StringBuilder code = new(Header);
        Dictionary<int, int> indexOfLine = [];
        int line = 0;
        for (int i = 0; i < flags.Length; i++)
        {
            if (i % LinesPerMethod == 0)
            {
                code.Append(i == 0 ? "" : "}").Append(CultureInfo.InvariantCulture, $"void M{i}(void* fn, void* top, int fd) {{\n");
                line++;
            }

            code.Append("_ = ").AppendFormat(CultureInfo.InvariantCulture, format, flags[i]).Append(";\n");
            indexOfLine[line++] = i;
        }

        code.Append("}}");
        CSharpCompilation compilation = TestCompilation.Create(code.ToString(), TestCompilation.References());
        Assert.DoesNotContain(compilation.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
        ImmutableArray<Diagnostic> diagnostics = await TestCompilation.AnalyzeAsync(compilation, s_clone3.Options, new RefusedFlagsAnalyzer());
        return [.. diagnostics.Select(d => indexOfLine[d.Location.GetLineSpan().StartLinePosition.Line])];
    }
}
