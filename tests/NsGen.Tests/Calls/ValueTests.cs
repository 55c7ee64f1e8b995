namespace NsGen.Tests;

/// <summary>What crosses between caller and body: size, letters, what cannot be written. NsGen.Generator.Tests go through the types.</summary>
public sealed class ValueTests
{
    private const int SixtyFourMegabytes = 64 << 20;

    [KernelFact]
    public void An_argument_of_64_MB()
    {
        byte[] bytes = new byte[SixtyFourMegabytes];
        bytes.AsSpan().Fill(3);
        Assert.Equal(3L * SixtyFourMegabytes, CallMethods.Sum(bytes));
    }

    [KernelFact]
    public void A_result_of_64_MB()
    {
        byte[] bytes = CallMethods.Fill(SixtyFourMegabytes, 5);
        Assert.Equal(SixtyFourMegabytes, bytes.Length);
        Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept((byte)5));
    }

    [KernelFact]
    public void Every_text_also_one_that_is_no_valid_Unicode()
    {
        foreach (string text in (string[])["", "a\0b", "äöü €", "𝄞 👩‍👩‍👧", "\uD800", "\uDC00\uD800 x", "\u202Ereversed", new string('x', 100_000)])
        {
            Assert.Equal(text, CallMethods.Echo(text));
        }
    }

    [KernelFact]
    public void A_value_as_JSON()
    {
        var value = new Dictionary<string, List<int?>> { [""] = [], ["ä"] = [1, null, int.MinValue] };
        Assert.Equal(value, CallMethods.Json(value));
    }

    [KernelFact]
    public void A_result_that_contains_itself_is_an_exception_of_the_body()
    {
        var e = Assert.Throws<IsolatedMethodException>(CallMethods.Cycle);
        Assert.Equal("System.Text.Json.JsonException", e.RemoteType);
        Assert.Contains("cycle", e.RemoteMessage, StringComparison.Ordinal);
    }

    [KernelFact]
    public void An_argument_that_contains_itself_is_refused_before_the_launch()
        => Assert.Throws<System.Text.Json.JsonException>(static () => CallMethods.Take(CallMethods.Loop.New()));

    [KernelTheory(Requires.Nothing)]
    [InlineData(0)]
    [InlineData(42)]
    [InlineData(300)]
    [InlineData(-1)]
    public void An_int_comes_back_whole_and_its_low_byte_is_the_exit_code(int number)
    {
        using IsolatedProcess<int> process = CallMethods.Number(number, new());
        Assert.Equal(number, process.GetResult());
        Assert.Equal(number, process.GetResult());
        Assert.Equal(number & 0xFF, process.WaitForExit().ExitCode);
        Assert.Null(process.Failure);
    }
}
