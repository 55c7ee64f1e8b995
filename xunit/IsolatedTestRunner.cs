using System.Diagnostics;
using System.Reflection;
using System.Text;
using NsGen.CompilerServices;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace NsGen.Xunit;

/// <summary>Runs one test in a child instead of here.</summary>
internal sealed class IsolatedTestRunner : XunitTestRunner
{
    private TestFailure? _failure;

    public IsolatedTestRunner(
        ITest test,
        IMessageBus messageBus,
        Type testClass,
        MethodInfo testMethod,
        object[] testMethodArguments,
        string skipReason,
        ExceptionAggregator aggregator,
        CancellationTokenSource cancellationTokenSource)
        : base(test, messageBus, testClass, [], testMethod, testMethodArguments, skipReason, [], new ExceptionAggregator(aggregator), cancellationTokenSource)
        => MessageBus = new Bus(this, messageBus);

    protected override async Task<Tuple<decimal, string>> InvokeTestAsync(ExceptionAggregator aggregator)
    {
        var clock = Stopwatch.StartNew();
        var output = new StringBuilder();
        void Write(string text)
        {
            output.Append(text);
            MessageBus.QueueMessage(new TestOutput(Test, text));
        }

        using var error = new ErrorStream();
        await aggregator.RunAsync(() => RunChildAsync(Write, error)).ConfigureAwait(false);
        if (error.Text is { Length: > 0 } text)
        {
            if (aggregator.HasExceptions)
            {
                Write($"Standard error:{Environment.NewLine}{text}");
            }
            else
            {
                await Console.Error.WriteAsync(text).ConfigureAwait(false);
            }
        }

        return Tuple.Create((decimal)clock.Elapsed.TotalSeconds, output.ToString());
    }

    private async Task RunChildAsync(Action<string> output, ErrorStream error)
    {
        TestConstructor.RefuseFixtures(TestClass);
        RefuseArguments();
        var isolation = (IIsolation)TestMethod.GetCustomAttributes().First(static attribute => attribute is IIsolation);
        IsolationOptions options = Isolation.Options(isolation, TestCase.Timeout);
        options.StandardError = error.Redirection;
        var method = new IsolatedMethod(ChildTest.Assembly, DisplayName, options);
        var test = new ChildTestCase(new NullMessageSink(), TestCase.TestMethod, TestMethodArguments);
        try
        {
            _failure = ChildTest.Result(await IsolatedCall.RunAsync(
                method, ChildTest.Arguments(test, output), cancellationToken: CancellationTokenSource.Token).ConfigureAwait(false));
        }
        catch (TimeoutException)
        {
            throw new TestTimeoutException(TestCase.Timeout);
        }

        if (_failure is not null)
        {
            throw new InvalidOperationException("Never seen: the bus reports what the child has said instead.");
        }
    }

    private void RefuseArguments()
    {
        if (!SerializationHelper.IsSerializable(TestMethodArguments))
        {
            throw new NotSupportedException(
                "The arguments travel to the test's own process, and xunit cannot serialise them all: use primitives, strings, enums, dates, arrays "
                + "of them, or a type that implements IXunitSerializable.");
        }
    }

    /// <summary>An exception of the child is known by its texts only; the report of a failure is made of them.</summary>
    private sealed class Bus(IsolatedTestRunner runner, IMessageBus inner) : IMessageBus
    {
        public bool QueueMessage(IMessageSinkMessage message)
            => inner.QueueMessage(message is ITestFailed failed && runner._failure is { } failure
                ? new TestFailed(failed.Test, failed.ExecutionTime, failed.Output, failure.Types, failure.Messages, failure.StackTraces, failure.Parents)
                : message);

        public void Dispose()
        {
            // The inner bus is not ours.
        }
    }
}
