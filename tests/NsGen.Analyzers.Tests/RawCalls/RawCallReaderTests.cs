using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NsGen.Analyzers.RawCalls;
using NsGen.Analyzers.Tests.Harness;
using Xunit;

namespace NsGen.Analyzers.Tests.RawCalls;

public sealed class RawCallReaderTests
{
    private static readonly AnalyzerOptions s_noOptions = new([]);

    /// <summary>Programs in which no rule registers anything: they pay for a look at their text.</summary>
    [Theory]
    [InlineData("class C { void unshare() { unshare(); } }")]
    [InlineData("""class C { [DllImport("kernel32")] static extern int clone(int flags); }""")]
    [InlineData("""class C { [DllImport("libc")] static extern int umask(int mask); }""")]
    [InlineData("""class C { [DllImport("libc", EntryPoint = "umask")] static extern int unshare(int mask); }""")]
    [InlineData("// DllImport of unshare from libc\nclass C { string s = \"[DllImport] unshare\"; }")]
    public void Nothing_is_read_where_nothing_can_be_called(string code) => Assert.Null(Reader(code, tmds: false));

    [Theory]
    [InlineData("""class C { [DllImport("libc")] static extern int unshare(int flags); }""")]
    [InlineData("""class C { [DllImport("libc.so.6", EntryPoint = "unshare")] static extern int Anything(int flags); }""")]
    [InlineData("""class C { const string LibC = "libc"; [DllImport(LibC)] static extern int unshare(int flags); }""")]
    [InlineData("""class C { const string Name = "unshare"; [DllImport("c", EntryPoint = Name)] static extern int F(int flags); }""")]
    [InlineData("""class C { void M() { [DllImport("libc")] static extern int unshare(int flags); } }""")]
    [InlineData("""class C { void M() { System.Action a = () => { [DllImport("libc")] static extern int unshare(int f); }; } }""")]
    [InlineData("""class C { class D { [System.Runtime.InteropServices.DllImportAttribute("libc")] static extern int unshare(int flags); } }""")]
    [InlineData("""using Import = System.Runtime.InteropServices.DllImportAttribute; class C { [Import("libc")] static extern int unshare(int flags); }""")]
    public void An_import_is_found_wherever_it_is_declared(string code) => Assert.NotNull(Reader(code, tmds: false));

    [Fact]
    public void A_reference_to_Tmds_LibC_is_enough() => Assert.NotNull(Reader("class C { }", tmds: true));

    [Fact]
    public void An_import_far_down_in_a_large_file_is_found()
    {
        string filler = string.Concat(Enumerable.Repeat("// 0123456789012345678901234567890123456789\n", 3000));
        for (int shift = 0; shift < 20; shift++)
        {
            string code = new string(' ', shift) + filler + """class C { [DllImport("libc")] static extern int unshare(int flags); }""";
            Assert.NotNull(Reader(code, tmds: false));
        }
    }

    [Theory]
    [InlineData("static int W(int flags) => unshare(flags);", true)]
    [InlineData("static int W(int flags) { return unshare(flags); }", true)]
    [InlineData("static void W(int flags) { if (unshare(flags) == -1) { throw new Exception(); } }", true)]
    [InlineData("static int W(int flags) { int r = unshare((int)(uint)flags); if (r < 0) { throw new Exception(); } return r; }", true)]
    [InlineData("static int W(int flags) => unshare(flags | 1);", false)]
    [InlineData("static int W(int flags) => unshare(1);", false)]
    [InlineData("static int W(int flags) { flags |= 1; return unshare(flags); }", false)]
    [InlineData("static int W(int flags) { int r = unshare(flags); flags = 0; return r; }", false)]
    [InlineData("static int W(int flags) => flags == 0 ? 0 : unshare(flags);", false)]
    [InlineData("static int W(int flags) { if (flags != 0 && unshare(flags) == 0) { return 1; } return 0; }", false)]
    [InlineData("static int W(int flags) { unshare(flags); return unshare(0); }", false)]
    [InlineData("static int V(int flags) => unshare(flags); static int W(int flags) => V(flags);", false)]
    [InlineData("static int W(int flags) => 0;", false)]
    public void A_wrapper_only_forwards(string wrapper, bool forwards)
    {
        string code = $$"""
            class C
            {
                [DllImport("libc")] static extern int unshare(int flags);
                {{wrapper}}
                static void M() => W(0x12345);
            }
            """;
        CSharpCompilation compilation = TestCompilation.Create(code, TestCompilation.References(tmds: false));
        RawCallReader reader = RawCallReader.TryGet(compilation, s_noOptions, default)!;
        bool read = reader.TryRead(Invocation(compilation, "W(0x12345)"), out RawCall call);
        Assert.Equal(forwards, read && call.AtCallSite(RawParameter.Flags) is not null);
        if (forwards)
        {
            Assert.Equal(RawFunction.Unshare, call.Function);
            Assert.True(reader.ReadBits(call[RawParameter.Flags]).Equals(0x12345, ulong.MaxValue));
        }
    }

    [Fact]
    public void A_virtual_method_is_no_wrapper()
    {
        CSharpCompilation compilation = TestCompilation.Create(
            """
            class C
            {
                [DllImport("libc")] static extern int unshare(int flags);
                public virtual int W(int flags) => unshare(flags);
                void M() => W(1);
            }
            """,
            TestCompilation.References(tmds: false));
        RawCallReader reader = RawCallReader.TryGet(compilation, s_noOptions, default)!;
        Assert.False(reader.TryRead(Invocation(compilation, "W(1)"), out _));
    }

    [Theory]
    [InlineData("1 + 2", 3UL)]
    [InlineData("-1", ulong.MaxValue)]
    [InlineData("unchecked((int)0x80000000)", 0xFFFFFFFF80000000)]
    [InlineData("LibC.CLONE_NEWUTS | LibC.SIGCHLD", 0x04000011UL)]
    [InlineData("~LibC.CLONE_FS & 0x3FF", 0x1FFUL)]
    [InlineData("(int)(uint)LibC.CLONE_NEWNET", 0x40000000UL)]
    [InlineData("1 << 4", 16UL)]
    [InlineData("LibC.CLONE_NEWNS ^ LibC.CLONE_NEWNS", 0UL)]
    [InlineData("b switch { true => 5, false => 5 }", 5UL)]
    [InlineData("b ? 5 : 5", 5UL)]
    [InlineData("(int)(uint)LibC.MS_REC", 0x4000UL)]
    [InlineData("s_flags", 0x04000011UL)]
    [InlineData("Flags", 0x04000011UL)]
    public void Values_are_read(string expression, ulong expected)
    {
        KnownBits bits = Read(expression);
        Assert.True(bits.TryGetValue(out ulong value), $"{expression} is {bits}");
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("Environment.ProcessId")]
    [InlineData("s_changed")]
    [InlineData("LibC.errno")]
    [InlineData("(int)1.5f * unknown")]
    [InlineData("unknown / 2")]
    public void Unknown_values_are_unknown(string expression) => Assert.False(Read(expression).TryGetValue(out _));

    private static KnownBits Read(string expression)
    {
        CSharpCompilation compilation = TestCompilation.Create(
            $$"""
            using Tmds.Linux;

            class C
            {
                static readonly int s_flags = LibC.CLONE_NEWUTS | 17;
                static int s_changed = 1;
                static int Flags => s_flags;

                int M(int unknown, bool b) => Math.Abs({{expression}});
            }
            """,
            TestCompilation.References());
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        RawCallReader reader = RawCallReader.TryGet(compilation, s_noOptions, default)!;
        return reader.ReadBits(Invocation(compilation, $"Math.Abs({expression})").Arguments[0].Value);
    }

    private static RawCallReader? Reader(string code, bool tmds) =>
        RawCallReader.TryGet(TestCompilation.Create(code, TestCompilation.References(tmds)), s_noOptions, default);

    private static IInvocationOperation Invocation(CSharpCompilation compilation, string text)
    {
        SyntaxTree tree = compilation.SyntaxTrees[0];
        InvocationExpressionSyntax call = tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>().First(n => n.ToString() == text);
        return (IInvocationOperation)compilation.GetSemanticModel(tree).GetOperation(call)!;
    }
}
