using System.Diagnostics;
using System.Text.RegularExpressions;

namespace NsGen.Tests;

/// <summary>
/// The machine code of what runs between clone and execve: whatever it calls must be a function of libc through a pointer. A runtime
/// helper would lead into a runtime that knows nothing of this process.
/// </summary>
public sealed partial class ChildInterpreterTests
{
    private static readonly Lazy<string> s_listing = new(Disassemble);

    [KernelTheory(Requires.Nothing)]
    [InlineData("NsGen.Launch.ChildInterpreter:Run(ptr):int")]
    [InlineData("NsGen.Launch.ChildInterpreter:ResetHandlers")]
    [InlineData("NsGen.Launch.ChildInterpreter:OpenInRoot")]
    public void The_childs_methods_call_nothing_but_function_pointers(string method)
    {
        string[] calls = Calls(method);
        Assert.NotEmpty(calls);
        Assert.All(calls, static call => Assert.True(IsFunctionPointer(call), call));
    }

    [KernelFact]
    public void They_are_compiled_once_and_fully()
    {
        foreach (string method in (string[])["Run", "ResetHandlers", "OpenInRoot"])
        {
            Match listing = Assert.Single(Regex.Matches(s_listing.Value, $@"Assembly listing for method NsGen\.Launch\.ChildInterpreter:{method}\(.*"));
            Assert.EndsWith("(FullOpts)", listing.Value, StringComparison.Ordinal);
        }
    }

    [KernelFact]
    public void A_method_that_allocates_is_found_out()
        => Assert.Contains(Calls("BrokenInterpreter:Run"), static call => call.Contains("CORINFO_HELP", StringComparison.Ordinal) && !IsFunctionPointer(call));

    private static string[] Calls(string method)
    {
        int start = s_listing.Value.IndexOf(method, StringComparison.Ordinal);
        Assert.True(start >= 0, $"{method} is not in\n{s_listing.Value}");
        int end = s_listing.Value.IndexOf("; Total bytes of code", start, StringComparison.Ordinal);
        return [.. CallInstruction().Matches(s_listing.Value[start..end]).Select(static match => match.Groups[1].Value.Trim())];
    }

    /// <summary>x64: <c>call r13</c>, <c>call [rbx+0x08]</c>; arm64: <c>blr x19</c>. Never a name.</summary>
    private static bool IsFunctionPointer(string operand) => FunctionPointer().IsMatch(operand);

    private static string Disassemble()
    {
        using var directory = new TemporaryDirectory();
        string listing = Path.Combine(directory.Path, "listing");
        var start = new ProcessStartInfo(DotNetCli.Path, [TestApp.Dll, "compile"]);
        start.Environment["DOTNET_JitDisasm"] = "*ChildInterpreter:* *BrokenInterpreter:*";
        start.Environment["DOTNET_JitStdOutFile"] = listing;
        Finished app = TestApp.Run(start);
        Assert.True(app.Status.IsSuccess, app.Error);
        return File.ReadAllText(listing);
    }

    // Every jump or branch out of the method counts as well: a helper may be called as a tail.
    [GeneratedRegex(@"^\s+(?:call|tail\.jmp|rex\.jmp|blr?)\s+(.+)$", RegexOptions.Multiline)]
    private static partial Regex CallInstruction();

    [GeneratedRegex(@"^(\[?r\w+(\+0x[0-9A-Fa-f]+)?\]?|x\d+)$")]
    private static partial Regex FunctionPointer();
}
