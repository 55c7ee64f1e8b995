using NsGen.Analyzers.RawCalls;
using Xunit;

namespace NsGen.Analyzers.Tests.RawCalls;

/// <summary>
/// What the lattice claims of a result holds for every pair of values that agrees with what it was told of the operands. Random masks and
/// values, and every case of four-bit operands.
/// </summary>
public sealed class KnownBitsTests
{
    private const int Rounds = 20_000;

    private static readonly (string Name, Func<KnownBits, KnownBits, KnownBits> Abstract, Func<ulong, ulong, ulong> Concrete)[] s_operators =
    [
        ("|", (a, b) => a | b, (a, b) => a | b),
        ("&", (a, b) => a & b, (a, b) => a & b),
        ("^", (a, b) => a ^ b, (a, b) => a ^ b),
        ("+", (a, b) => a + b, (a, b) => unchecked(a + b)),
        ("-", (a, b) => a - b, (a, b) => unchecked(a - b)),
        ("~", (a, _) => ~a, (a, _) => ~a),
        ("<< 5", (a, _) => a.ShiftLeft(5), (a, _) => a << 5),
        ("(int)", (a, _) => a.Truncate(32, signed: true), (a, _) => unchecked((ulong)(int)a)),
        ("(uint)", (a, _) => a.Truncate(32, signed: false), (a, _) => unchecked((uint)a)),
        ("(sbyte)", (a, _) => a.Truncate(8, signed: true), (a, _) => unchecked((ulong)(sbyte)a)),
        ("(byte)", (a, _) => a.Truncate(8, signed: false), (a, _) => unchecked((byte)a)),
        ("(ulong)", (a, _) => a.Truncate(64, signed: false), (a, _) => a),
    ];

    [Fact]
    public void Every_operator_is_sound_for_random_operands()
    {
        Random random = new(20250101);
        for (int round = 0; round < Rounds; round++)
        {
            (KnownBits a, ulong x) = Next(random);
            (KnownBits b, ulong y) = Next(random);
            foreach ((string name, Func<KnownBits, KnownBits, KnownBits> @abstract, Func<ulong, ulong, ulong> concrete) in s_operators)
            {
                CheckHolds(@abstract(a, b), concrete(x, y), $"{name} of {a} ({x:x}) and {b} ({y:x})");
            }

            CheckHolds(a.Join(b), x, "join, left");
            CheckHolds(a.Join(b), y, "join, right");
        }
    }

    [Fact]
    public void Every_operator_is_exact_for_constants()
    {
        Random random = new(20250102);
        for (int round = 0; round < Rounds; round++)
        {
            ulong x = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            ulong y = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            foreach ((string name, Func<KnownBits, KnownBits, KnownBits> @abstract, Func<ulong, ulong, ulong> concrete) in s_operators)
            {
                Assert.True(@abstract(KnownBits.Constant(x), KnownBits.Constant(y)).TryGetValue(out ulong value), name);
                Assert.Equal(concrete(x, y), value);
            }
        }
    }

    /// <summary>Sums of operands of which nothing above four bits is set: the lattice finds all that can be found for | and &amp;, and is sound for +.</summary>
    [Fact]
    public void Small_operands_are_checked_one_by_one()
    {
        foreach (KnownBits a in FourBits())
        {
            foreach (KnownBits b in FourBits())
            {
                ulong[] ors = [.. Values(a).SelectMany(x => Values(b).Select(y => x | y))];
                Assert.Equal(ors.Aggregate(ulong.MaxValue, (all, v) => all & v), (a | b).Set);
                Assert.Equal(ors.Aggregate(ulong.MaxValue, (all, v) => all & ~v), (a | b).Clear);
                foreach (ulong sum in Values(a).SelectMany(x => Values(b).Select(y => x + y)))
                {
                    CheckHolds(a + b, sum, $"{a} + {b}");
                }
            }
        }
    }

    [Fact]
    public void Flags_with_an_unknown_part_keep_what_is_certain()
    {
        KnownBits flags = KnownBits.Constant(0x20000) | KnownBits.Constant(0x200) | KnownBits.Unknown;
        Assert.True(flags.IsSet(0x20200));
        Assert.Equal(0UL, flags.Clear);
        Assert.False(flags.IsUnknown);
        Assert.True(KnownBits.Unknown.IsUnknown);
    }

    private static void CheckHolds(KnownBits known, ulong value, string of)
    {
        Assert.True((known.Set & known.Clear) == 0, "contradiction: " + of);
        Assert.True((value & known.Set) == known.Set && (~value & known.Clear) == known.Clear, $"{of} is {value:x}, not {known}");
    }

    private static (KnownBits Known, ulong Value) Next(Random random)
    {
        ulong value = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        ulong mask = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
        mask = random.Next(4) switch
        {
            0 => 0,
            1 => ulong.MaxValue,
            2 => mask,
            _ => mask | (ulong)random.NextInt64(long.MinValue, long.MaxValue),
        };
        return (new(value & mask, ~value & mask), value);
    }

    private static IEnumerable<KnownBits> FourBits()
    {
        for (ulong set = 0; set < 16; set++)
        {
            for (ulong clear = 0; clear < 16; clear++)
            {
                if ((set & clear) == 0)
                {
                    yield return new(set, clear | ~15UL);
                }
            }
        }
    }

    private static IEnumerable<ulong> Values(KnownBits known) =>
        Enumerable.Range(0, 16).Select(i => (ulong)i).Where(v => (v & known.Set) == known.Set && (~v & known.Clear) == known.Clear);
}
