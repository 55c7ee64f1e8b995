using System.Reflection;
using System.Runtime.CompilerServices;
using NsGen.CompilerServices;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace NsGen.Xunit;

/// <summary>The child's side: xunit runs the one test there, and what it says about it goes back.</summary>
internal static class ChildTest
{
    public static string Assembly { get; } = typeof(ChildTest).Assembly.GetName().Name!;

    /// <summary>What <see cref="Run"/> reads.</summary>
    /// <param name="test">The test; a row of a theory together with its arguments.</param>
    /// <param name="output">Gets what the test writes to its ITestOutputHelper, while it runs.</param>
    public static PayloadWriter Arguments(ChildTestCase test, Action<string> output)
    {
        var arguments = new PayloadWriter();
        arguments.WriteString(test.TestMethod.TestClass.Class.ToRuntimeType().Assembly.GetName().Name);
        arguments.WriteString(SerializationHelper.Serialize(test));
        arguments.WriteProgress(report => output(report.ReadString()!));
        return arguments;
    }

    /// <summary>What <see cref="Run"/> has written.</summary>
    /// <returns>Null where the test has passed.</returns>
    public static TestFailure? Result(PayloadReader result) => result.ReadValue<bool>() ? null : TestFailure.Read(result);

#pragma warning disable CA2255 // It is what the generator writes into an assembly with isolated methods.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => ChildEntry.Register(Assembly, static _ => Run);

    private static void Run(ChildCall call)
    {
        // xunit asks for types in it and takes a failure to load it for their absence.
        System.Reflection.Assembly.Load(new AssemblyName(call.Arguments.ReadString()!));
        var test = SerializationHelper.Deserialize<ChildTestCase>(call.Arguments.ReadString()!);
        using var bus = new Bus(call.Progress<string>(0, static (writer, text) => writer.WriteString(text)));
        using var cancellation = new CancellationTokenSource();
        test.RunAsync(new NullMessageSink(), bus, ConstructorArguments(test), new ExceptionAggregator(), cancellation).GetAwaiter().GetResult();
        call.Result.WriteValue(bus.Failure is null);
        bus.Failure?.Write(call.Result);
    }

    /// <summary>As xunit's XunitTestClassRunner makes them where there are no fixtures.</summary>
    private static object?[] ConstructorArguments(ChildTestCase test)
        => [.. TestConstructor.Parameters(test.TestMethod.TestClass.Class.ToRuntimeType())
            .Select(static parameter => TestConstructor.IsOutput(parameter) ? (Func<TestOutputHelper>)(static () => new()) : parameter.DefaultValue)];

    private sealed class Bus(IProgress<string> output) : IMessageBus
    {
        public TestFailure? Failure { get; private set; }

        public bool QueueMessage(IMessageSinkMessage message)
        {
            if (message is ITestOutput written)
            {
                output.Report(written.Output);
            }
            else if (message is IFailureInformation failure)
            {
                Failure ??= TestFailure.From(failure);
            }

            return true;
        }

        public void Dispose()
        {
            // Nothing is kept.
        }
    }
}
