namespace NsGen.Benchmarks;

/// <summary>The workers of one suite, which end with it.</summary>
internal sealed class Workers : IDisposable
{
    private readonly List<Worker> _workers = [];

    public Worker Add(Worker worker)
    {
        _workers.Add(worker);
        return worker;
    }

    public void Dispose() => _workers.ForEach(static worker => worker.Dispose());
}
