using System.Net;
using System.Text;

namespace ParallelIntegrationTests;

/// <summary>What is tested: an HTTP server that insists on its port.</summary>
internal sealed class GreetingServer : IDisposable
{
    public const string Address = "http://127.0.0.1:8080/";

    private readonly HttpListener _listener = new();
    private readonly string _greeting;

    public GreetingServer(string greeting)
    {
        _greeting = greeting;
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = ServeAsync();
    }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext request = await _listener.GetContextAsync();
            bool found = request.Request.Url!.AbsolutePath == "/";
            request.Response.StatusCode = found ? 200 : 404;
            request.Response.Close(Encoding.UTF8.GetBytes(found ? _greeting : ""), willBlock: false);
        }
    }
}
