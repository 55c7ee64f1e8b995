namespace NsGen.Benchmarks;

/// <summary>One way to do the thing that is measured.</summary>
/// <param name="Name">For the tables.</param>
/// <param name="Worker">Who does it.</param>
/// <param name="Request">What is asked for.</param>
internal sealed record Contender(string Name, Worker Worker, Request Request)
{
    /// <summary>Takes part in one round of so many: for what is so slow that it would eat the time of the others.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Milliseconds, by round; NaN for a round it sat out.</summary>
    public double[] Samples { get; set; } = [];

    /// <summary>The median, in milliseconds.</summary>
    public double P50 => Statistics.Quantile(Samples, 0.5);

    /// <summary>The 90th percentile, in milliseconds.</summary>
    public double P90 => Statistics.Quantile(Samples, 0.9);

    /// <summary>How much longer this takes than <paramref name="other"/>, round by round.</summary>
    public Ratio Over(Contender other) => Statistics.RatioOf(Samples, other.Samples);
}
