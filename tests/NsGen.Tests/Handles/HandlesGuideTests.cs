using System.Net;
using System.Net.Sockets;

namespace NsGen.Tests;

/// <summary>The examples of docs/guide/handles.md: what is compiled and run here is what stands there.</summary>
public sealed class HandlesGuideTests
{
    [Fact]
    public void Each_example_of_the_guide_stands_in_this_file()
    {
        string here = Normalize(Resource("HandlesGuideTests.cs"));
        string[] examples = [.. Resource("handles.md")
            .Split("```csharp\n")
            .Skip(1)
            .Select(static rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])
            // Directives stand at the head of this file.
            .Select(static example => string.Join('\n', example.Split('\n').Where(static line => !line.StartsWith("using System", StringComparison.Ordinal))))];
        Assert.Equal(5, examples.Length);
        Assert.All(examples, example => Assert.Contains(Normalize(example), here, StringComparison.Ordinal));
    }

    [KernelTheory, AsCaller]
    public void The_examples_run(Namespaces user) => InChild.Run(RunExamples, user | Mount | Uts | Net);

    private static void RunExamples()
    {
        using var directory = new TemporaryDirectory();
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = Uts | Net });
        NamespaceListingTests.WaitForCommandLine(child);
        using NamespaceHandle net = NamespaceHandle.Of(child, Net);
        TextWriter console = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        Compare(child);
        CompareProcesses(child);
        List();
        Keep(child, Path.Combine(directory.Path, "pin"));
        Enter(net);
        Console.SetOut(console);
        string said = output.ToString();
        Assert.Contains($" and {net}\n", said, StringComparison.Ordinal);
        Assert.Contains("Uts, Net\n", said, StringComparison.Ordinal);
        Assert.Contains($"net -> {net}\n", said, StringComparison.Ordinal);
        Assert.Contains($"Net {net.Id} of user 0: 1, first {child.Id} /bin/cat", said, StringComparison.Ordinal);
    }

    private static void Compare(IsolatedProcess child)
    {
        using NamespaceHandle mine = NamespaceHandle.Current(Net);     // of the calling thread
        using NamespaceHandle theirs = NamespaceHandle.Of(child, Net); // of an IsolatedProcess, or of a process id
        Console.WriteLine(mine.IsSameNamespace(theirs) ? $"both in {mine}" : $"{mine} and {theirs}");
    }

    private static void CompareProcesses(IsolatedProcess child)
    {
        NamespaceSet own = NamespaceSet.Current();
        NamespaceSet childs = NamespaceSet.Of(child.Id);
        Console.WriteLine(own.Differences(childs)); // Uts, Net
        Console.WriteLine(childs);                  // cgroup -> cgroup:[4026531835] …, as ls -l /proc/PID/ns
    }

    private static void List()
    {
        NamespaceListing listing = NamespaceListing.Read(Net | Uts);
        foreach (NamespaceListingEntry entry in listing.Entries)
        {
            Console.WriteLine($"{entry.Type} {entry.Id} of user {entry.OwnerUid}: {entry.Processes}, first {entry.FirstProcessId} {entry.Command}");
        }

        if (listing.UnreadableProcesses > 0)
        {
            Console.WriteLine($"{listing.UnreadableProcesses} processes may not be looked at");
        }
    }

    private static void Keep(IsolatedProcess child, string path)
    {
        using NamespaceHandle uts = NamespaceHandle.Of(child, Uts);
        child.Kill();
        child.WaitForExit(); // the namespace is still there

        uts.Pin(path);       // now without this process, too
        NamespaceHandle.Unpin(path);
    }

    private static void Enter(NamespaceHandle net)
    {
        Socket listener;
        using (net.Enter())
        {
            listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        }

        listener.Bind(new IPEndPoint(IPAddress.Loopback, 8080)); // in that network, although this thread is not
        listener.Dispose();
    }

    private static string Normalize(string code)
        => string.Join('\n', code.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0));

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(HandlesGuideTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
