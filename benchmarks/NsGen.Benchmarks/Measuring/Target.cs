using System.Globalization;

namespace NsGen.Benchmarks;

/// <summary>A ratio to stay below.</summary>
/// <param name="Name">What is compared.</param>
/// <param name="Measured">The ratio.</param>
/// <param name="Limit">The most it should be.</param>
internal sealed record Target(string Name, Ratio Measured, double Limit)
{
    public bool IsMet => Measured.Median <= Limit;

    /// <summary>
    /// Missed beyond what noise explains: the whole confidence interval lies above the limit and 5 % of tolerance. A busy machine makes the
    /// interval wide, and so the judgement mild.
    /// </summary>
    public bool IsMissed => Measured.Low > Limit * 1.05;

    public string Verdict => IsMet ? "met" : IsMissed ? "MISSED" : "within noise";

    public static void Print(IReadOnlyList<Target> targets)
    {
        var table = new Table("target", "limit", "ratio", "99 % interval", "");
        foreach (Target target in targets)
        {
            table.Add(
                target.Name,
                Number(target.Limit),
                Number(target.Measured.Median),
                $"{Number(target.Measured.Low)} – {Number(target.Measured.High)}",
                target.Verdict);
        }

        table.Print();
    }

    private static string Number(double value) => value.ToString(value < 0.1 ? "0.0000" : "0.00", CultureInfo.InvariantCulture);
}
