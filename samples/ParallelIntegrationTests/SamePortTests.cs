using NsGen.Xunit;
using Xunit;
using Xunit.Abstractions;
using static NsGen.Namespaces;

namespace ParallelIntegrationTests;

/// <summary>Each test has a network of its own, so each can have port 8080, all at the same time.</summary>
public sealed class SamePortTests(ITestOutputHelper output)
{
    [IsolatedTheory(Net, Timeout = 60_000)]
    [InlineData("one")]
    [InlineData("two")]
    [InlineData("three")]
    [InlineData("four")]
    [InlineData("five")]
    [InlineData("six")]
    public async Task Six_servers_listen_on_port_8080_at_the_same_time(string name)
    {
        using var meeting = new Meeting(participants: 6);
        using var server = new GreetingServer($"hello from {name}");
        using var client = new HttpClient();
        await meeting.ComeAsync();

        // Now all six listen.
        string answer = await client.GetStringAsync(GreetingServer.Address);
        output.WriteLine($"{GreetingServer.Address} says \"{answer}\"");
        Assert.Equal($"hello from {name}", answer);
    }

    [IsolatedFact(Net)]
    public async Task An_unknown_page_is_not_found()
    {
        using var server = new GreetingServer("hello");
        using var client = new HttpClient();
        using HttpResponseMessage answer = await client.GetAsync(GreetingServer.Address + "nothing/here");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    [IsolatedFact(Net)]
    public void The_port_is_free_again_after_a_server_has_gone()
    {
        for (int i = 0; i < 3; i++)
        {
            using var server = new GreetingServer("hello");
        }
    }

    [IsolatedFact(Net)]
    public async Task Nobody_else_can_be_reached()
    {
        using var client = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(GreetingServer.Address));
    }
}
