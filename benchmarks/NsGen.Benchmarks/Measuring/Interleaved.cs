namespace NsGen.Benchmarks;

/// <summary>
/// Runs contenders in turn, one launch each, for many rounds.
/// </summary>
/// <remarks>
/// Not BenchmarkDotNet, for what it is good at is the opposite: it runs one benchmark to its end in a process of its own, then the next,
/// minutes later. A launch is half kernel and half waiting, and what else the machine does at that moment (the clean-up of a network
/// namespace, a neighbour on the same core) changes it by more than the differences to be seen. Side by side within milliseconds, both
/// meet the same; and the contenders here are not all .NET.
/// </remarks>
internal static class Interleaved
{
    /// <param name="contenders">Who takes part; receives the samples.</param>
    /// <param name="warmUp">Rounds that do not count: they make the JIT compile its optimized code and fill the caches.</param>
    /// <param name="rounds">Rounds that count.</param>
    /// <param name="runUp">
    /// Launches right before each measured one. Without any, a launch comes out of the blue: a dozen other processes have had the caches
    /// since the contender's last turn.
    /// </param>
    public static void Run(IReadOnlyList<Contender> contenders, int warmUp, int rounds, int runUp = 0)
    {
        // A seed, so that two runs differ by the machine and not by the order.
        var random = new Random(42);
        int[] order = [.. Enumerable.Range(0, contenders.Count)];
        foreach (Contender contender in contenders)
        {
            contender.Samples = new double[rounds];
        }

        for (int round = -warmUp; round < rounds; round++)
        {
            // Whoever follows another would otherwise always pay for what that one left behind.
            random.Shuffle(order);
            foreach (int index in order)
            {
                Contender contender = contenders[index];
                bool takesPart = round % contender.Every == 0;
                for (int i = 0; takesPart && i < runUp; i++)
                {
                    contender.Worker.Launch(contender.Request);
                }

                double milliseconds = takesPart ? contender.Worker.Launch(contender.Request) / 1e6 : double.NaN;
                if (round >= 0)
                {
                    contender.Samples[round] = milliseconds;
                }
            }
        }
    }
}
