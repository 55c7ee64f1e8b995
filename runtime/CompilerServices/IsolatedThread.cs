using System.ComponentModel;
using System.Runtime.Versioning;
using NsGen.Threads;

namespace NsGen.CompilerServices;

/// <summary>What a generated launcher of thread mode calls. Not for use in your own code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SupportedOSPlatform("linux")]
public static class IsolatedThread
{
    /// <summary>Runs a body on a thread of its own and waits for it.</summary>
    /// <param name="defaults">The attribute's values.</param>
    /// <param name="options">What the caller sets over the attribute.</param>
    /// <param name="body">The body.</param>
    /// <exception cref="LaunchException">The thread could not leave its namespaces; the body has not run.</exception>
    /// <exception cref="NamespaceLeakException">A thread born meanwhile has stayed in the body's namespace.</exception>
    public static void Run(IsolationOptions defaults, IsolationOptions? options, Action body) => Run(defaults, options, WithResult(body));

    /// <summary>Runs a body on a thread of its own and waits for its result.</summary>
    /// <typeparam name="T">The body's result.</typeparam>
    /// <inheritdoc cref="Run(IsolationOptions, IsolationOptions?, Action)"/>
    public static T Run<T>(IsolationOptions defaults, IsolationOptions? options, Func<T> body)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        ArgumentNullException.ThrowIfNull(body);
        return ThreadIsolation.Run((options ?? new()).Over(defaults), body);
    }

    /// <summary>Runs a body on a thread of its own; the task ends when it does.</summary>
    /// <inheritdoc cref="Run(IsolationOptions, IsolationOptions?, Action)"/>
    public static Task RunAsync(IsolationOptions defaults, IsolationOptions? options, Action body)
        => RunAsync(defaults, options, WithResult(body));

    /// <summary>Runs a body on a thread of its own; the task ends with its result.</summary>
    /// <typeparam name="T">The body's result.</typeparam>
    /// <inheritdoc cref="Run(IsolationOptions, IsolationOptions?, Action)"/>
    public static Task<T> RunAsync<T>(IsolationOptions defaults, IsolationOptions? options, Func<T> body)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        ArgumentNullException.ThrowIfNull(body);
        return ThreadIsolation.RunAsync((options ?? new()).Over(defaults), body);
    }

    private static Func<bool> WithResult(Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return () =>
        {
            body();
            return true;
        };
    }
}
