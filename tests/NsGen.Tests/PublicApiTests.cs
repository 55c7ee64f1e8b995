namespace NsGen.Tests;

/// <summary>The public API of NsGen.dll changes by intention only.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_API_is_the_one_that_was_accepted() => PublicApi.Check(typeof(IsolatedAttribute).Assembly, "tests/NsGen.Tests");

    [Fact]
    public void A_change_is_seen() => Assert.NotEqual(PublicApi.Print(typeof(PublicApiTests).Assembly), PublicApi.Print(typeof(IsolatedAttribute).Assembly));
}
