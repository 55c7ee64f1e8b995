using NsGen.CompilerServices;

namespace NsGen.Benchmarks;

/// <summary>The part of <see cref="LaunchWorker"/> that starts no process: the counterpart of "thread" and "scope" in native/launcher.c.</summary>
internal static class ThreadWorker
{
    private static readonly Dictionary<ulong, IsolationOptions> s_defaults = [];

    /// <summary>Empty bodies in thread mode, one after the other; <see cref="Request.Steps"/> says how many.</summary>
    public static void RunBodies(Request request)
    {
        if (!s_defaults.TryGetValue(request.Namespaces, out IsolationOptions? defaults))
        {
            // As the generator writes it: the attribute's values, made once.
            defaults = new IsolationOptions { Namespaces = (Namespaces)request.Namespaces, Propagation = MountPropagation.Unchanged, LoopbackUp = false };
            s_defaults.Add(request.Namespaces, defaults);
        }

        for (ulong i = 0; i < request.Steps; i++)
        {
            IsolatedThread.Run(defaults, null, static () => { });
        }
    }

    /// <param name="program">A program that lives long enough for its namespace to be taken.</param>
    /// <returns>Enters another UTS namespace and comes back, as often as <see cref="Request.Steps"/> says.</returns>
    public static Action<Request> EnterAndReturn(string program)
    {
        using var process = IsolatedProcess.Start(program, [], new() { Namespaces = Namespaces.Uts, StandardInput = Redirection.Pipe });
        NamespaceHandle elsewhere = NamespaceHandle.Of(process, Namespaces.Uts);
        process.Kill();
        return request =>
        {
            for (ulong i = 0; i < request.Steps; i++)
            {
                using (elsewhere.Enter())
                {
                }
            }
        };
    }
}
