using System.Reflection;

namespace NsGen.Tests;

/// <summary>
/// Runs a part of a test in an isolated child, where it is root (in a user namespace of its own, if need be) and can do no harm: assertions
/// in it fail the test outside.
/// </summary>
internal static partial class InChild
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <param name="body">A static method without parameters of one of the test classes.</param>
    /// <param name="namespaces">Where it runs.</param>
    public static void Run(Action body, Namespaces namespaces)
        => Invoke(body.Method.DeclaringType!.FullName!, body.Method.Name, new() { Namespaces = namespaces, Timeout = s_patience });

    /// <summary>Runs a body that ends the process.</summary>
    /// <returns>How, and what the process said.</returns>
    public static Finished RunToItsEnd(Action body, Namespaces namespaces)
    {
        var options = new IsolationOptions { Namespaces = namespaces, Timeout = s_patience, StandardError = Redirection.Pipe };
        using IsolatedProcess<string> child = Start(body.Method.DeclaringType!.FullName!, body.Method.Name, options);
        string error = child.StandardError.ReadToEnd();
        ExitStatus status = child.WaitForExit();
        Assert.False(child.TimedOut);
        return new Finished(status, child.Failure is IsolatedMethodException failure ? failure.ToString() : "", error);
    }

    [Isolated]
    private static partial void Invoke(string type, string method, IsolationOptions options);

    private static void InvokeCore(string type, string method)
        => typeof(InChild).Assembly.GetType(type, throwOnError: true)!
            .GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null);

    [Isolated(Body = nameof(StartCore))]
    private static partial IsolatedProcess<string> Start(string type, string method, IsolationOptions options);

    private static string StartCore(string type, string method)
    {
        InvokeCore(type, method);
        return "";
    }
}
