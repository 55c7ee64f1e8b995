using System.Collections.Concurrent;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace NsGen.Samples.Tests;

/// <summary>
/// Runs a class of tests inside a test, through xunit's own discovery and execution. The class is internal, so that it is no part of the
/// run around it.
/// </summary>
internal sealed class XunitRun : LongLivedMarshalByRefObject, IMessageSink
{
    private readonly ConcurrentQueue<IMessageSinkMessage> _messages = new();

    private XunitRun()
    {
    }

    /// <summary>All of that kind, in the order of their arrival.</summary>
    public IReadOnlyList<T> Messages<T>() => [.. _messages.OfType<T>()];

    /// <summary>The result of the test with that method, or of the one row with that display name.</summary>
    public T Result<T>(string name)
        where T : ITestResultMessage
    {
        ITestResultMessage result = Assert.Single(
            Messages<ITestResultMessage>(), result => result.TestMethod.Method.Name == name || result.Test.DisplayName == name);
        if (result is ITestFailed failed && !typeof(T).IsAssignableFrom(typeof(ITestFailed)))
        {
            Assert.Fail($"{name}: {string.Join("\n", failed.Messages)}\n{string.Join("\n", failed.StackTraces)}\n{failed.Output}");
        }

        return Assert.IsAssignableFrom<T>(result);
    }

    /// <summary>Discovers the tests of a class, and runs them.</summary>
    /// <param name="testClass">The class.</param>
    /// <param name="preEnumerateTheories">False where the rows of theories are to be found out only when they run.</param>
    public static async Task<XunitRun> OfAsync(Type testClass, bool? preEnumerateTheories = null)
    {
        var run = new XunitRun();
        using var framework = new XunitTestFramework(run);
        var assembly = new ReflectionAssemblyInfo(testClass.Assembly);
        using ITestFrameworkDiscoverer discoverer = framework.GetDiscoverer(assembly);
        var discovered = new Discovery();
        discoverer.Find(testClass.FullName!, includeSourceInformation: false, discovered, new Options(preEnumerateTheories));
        IXunitTestCase[] cases = await discovered.Completed;

        // As a runner does between the two, which may be in different processes.
        cases = [.. cases.Select(static test => SerializationHelper.Deserialize<IXunitTestCase>(SerializationHelper.Serialize(test)))];
        using var runner = new XunitTestAssemblyRunner(new TestAssembly(assembly), cases, run, run, new Options());
        await runner.RunAsync();
        return run;
    }

    public bool OnMessage(IMessageSinkMessage message)
    {
        _messages.Enqueue(message);
        return true;
    }

    private sealed class Discovery : LongLivedMarshalByRefObject, IMessageSink
    {
        private readonly ConcurrentQueue<IXunitTestCase> _cases = new();
        private readonly TaskCompletionSource<IXunitTestCase[]> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<IXunitTestCase[]> Completed => _completed.Task;

        public bool OnMessage(IMessageSinkMessage message)
        {
            switch (message)
            {
                case ITestCaseDiscoveryMessage { TestCase: IXunitTestCase test }:
                    _cases.Enqueue(test);
                    break;
                case IDiscoveryCompleteMessage:
                    _completed.SetResult([.. _cases]);
                    break;
                default:
                    break;
            }

            return true;
        }
    }

    /// <summary>xunit's defaults but for one.</summary>
    private sealed class Options(bool? preEnumerateTheories = null) : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        public TValue GetValue<TValue>(string name)
            => name == "xunit.discovery.PreEnumerateTheories" && preEnumerateTheories is TValue value ? value : default!;

        public void SetValue<TValue>(string name, TValue value) => throw new NotSupportedException();
    }
}
