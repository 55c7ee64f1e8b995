using NsGen.Xunit;

namespace NsGen.Samples.Tests;

/// <summary>The public API of NsGen.Xunit.dll changes by intention only.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_API_is_the_one_that_was_accepted() => PublicApi.Check(typeof(IsolatedFactAttribute).Assembly, "tests/NsGen.Samples.Tests/Xunit");
}
