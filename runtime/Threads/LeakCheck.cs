using System.Diagnostics;
using NsGen.Launch;

namespace NsGen.Threads;

/// <summary>
/// Finds threads that were born in a thread-mode body and are still there when it has ended: they are in its namespaces, and stay in them.
/// Made when the thread has entered, asked after the body.
/// </summary>
internal sealed class LeakCheck
{
    // Less than it takes to give out all numbers of a PID namespace once more, so that the last one cannot be the same one again.
    private static readonly TimeSpan s_shortBody = TimeSpan.FromMilliseconds(100);

    private readonly int _self;
    private readonly Namespaces _entered;
    private readonly HashSet<int> _before;
    private readonly int? _lastBorn = LastBorn.Read();
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <param name="self">The calling thread.</param>
    /// <param name="plan">What it has entered.</param>
    public LeakCheck(int self, LaunchPlan plan)
    {
        _self = self;
        _entered = plan.Namespaces | plan.Join;

        // Nobody else can have been in a namespace that was made just now. One that was joined may even be the process's own.
        _before = plan.Join == 0 ? [] : ThreadTask.Ids();
    }

    /// <param name="bodyFailure">What the body threw.</param>
    /// <exception cref="NamespaceLeakException">There are some.</exception>
    public void ThrowIfAny(Exception? bodyFailure)
    {
        if (_lastBorn is not null && _lastBorn == LastBorn.Read() && Stopwatch.GetElapsedTime(_start) < s_shortBody)
        {
            return;
        }

        string[] links = [.. NamespaceNames.All.Where(entry => _entered.HasFlag(entry.Namespace)).Select(static entry => entry.Link)];
        List<string>? leaked = null;
        foreach (int id in ThreadTask.Ids())
        {
            if (id != _self
                && !_before.Contains(id)
                && !IsolatedThreads.Running.ContainsKey(id)
                && links.Any(link => ThreadTask.Link(id, link) is { } inherited && inherited == ThreadTask.Link(_self, link)))
            {
                (leaked ??= []).Add(ThreadTask.Describe(id));
            }
        }

        if (leaked is not null)
        {
            throw new NamespaceLeakException(_entered, leaked, bodyFailure);
        }
    }
}
