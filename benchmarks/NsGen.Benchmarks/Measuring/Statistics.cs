namespace NsGen.Benchmarks;

/// <summary>The median of many ratios, and where it lies with 99 % confidence.</summary>
/// <param name="Median">The median.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
internal readonly record struct Ratio(double Median, double Low, double High);

internal static class Statistics
{
    // Of the standard normal distribution, two-sided.
    private const double Z99 = 2.576;

    public static double Quantile(IEnumerable<double> samples, double quantile) => Sorted(samples) is { Length: > 0 } sorted
        ? sorted[(int)Math.Round((sorted.Length - 1) * quantile)]
        : double.NaN;

    /// <summary>
    /// Ratios are formed within a round, where both met the same load, and the median is taken of them: a neighbour that is busy for
    /// half of the run moves both sides and not the ratio. The interval is the one for a median that needs no assumption about the
    /// distribution: order statistics, by the binomial distribution.
    /// </summary>
    public static Ratio RatioOf(double[] samples, double[] others)
    {
        double[] ratios = Sorted(samples.Zip(others, static (a, b) => a / b));
        if (ratios.Length == 0)
        {
            return new Ratio(double.NaN, double.NaN, double.NaN);
        }

        double half = Z99 * Math.Sqrt(ratios.Length) / 2;
        int low = (int)Math.Floor((ratios.Length / 2.0) - half);
        int high = (int)Math.Ceiling((ratios.Length / 2.0) + half);
        return new Ratio(
            Quantile(ratios, 0.5), ratios[Math.Clamp(low, 0, ratios.Length - 1)], ratios[Math.Clamp(high, 0, ratios.Length - 1)]);
    }

    private static double[] Sorted(IEnumerable<double> samples) => [.. samples.Where(static s => !double.IsNaN(s)).Order()];
}
