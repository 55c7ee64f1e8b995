namespace NsGen.Analyzers.RawCalls;

/// <summary>
/// What is certain of a 64-bit value: bits that are set whatever happens, and bits that are clear whatever happens. A bit in neither
/// mask may be either. So <c>CLONE_NEWNS | CLONE_FS | extra</c> has two bits known to be set and nothing known to be clear.
/// </summary>
internal readonly record struct KnownBits(ulong Set, ulong Clear)
{
    /// <summary>Nothing is known.</summary>
    public static KnownBits Unknown => default;

    public bool IsUnknown => (Set | Clear) == 0;

    public static KnownBits Constant(ulong value) => new(value, ~value);

    /// <summary>Every bit of <paramref name="bits"/> is known, one way or the other.</summary>
    public bool Knows(ulong bits) => ((Set | Clear) & bits) == bits;

    public bool IsSet(ulong bits) => (Set & bits) == bits;

    public bool IsClear(ulong bits) => (Clear & bits) == bits;

    /// <summary>The value is exactly <paramref name="value"/> within <paramref name="mask"/>.</summary>
    public bool Equals(ulong value, ulong mask) => Knows(mask) && (Set & mask) == value;

    public bool TryGetValue(out ulong value)
    {
        value = Set;
        return Knows(ulong.MaxValue);
    }

    /// <summary>What holds whichever of the two values is taken.</summary>
    public KnownBits Join(KnownBits other) => new(Set & other.Set, Clear & other.Clear);

    /// <summary>Keeps the low <paramref name="width"/> bits, as a cast to an integer of that width does.</summary>
    public KnownBits Truncate(int width, bool signed)
    {
        if (width >= 64)
        {
            return this;
        }

        ulong low = (1UL << width) - 1;
        ulong sign = 1UL << (width - 1);
        ulong set = Set & low;
        ulong clear = Clear & low;
        if (!signed || (clear & sign) != 0)
        {
            clear |= ~low;
        }
        else if ((set & sign) != 0)
        {
            set |= ~low;
        }

        return new(set, clear);
    }

    public KnownBits ShiftLeft(int count) => new(Set << count, (Clear << count) | ((1UL << count) - 1));

    public static KnownBits operator |(KnownBits a, KnownBits b) => new(a.Set | b.Set, a.Clear & b.Clear);

    public static KnownBits operator &(KnownBits a, KnownBits b) => new(a.Set & b.Set, a.Clear | b.Clear);

    public static KnownBits operator ^(KnownBits a, KnownBits b) =>
        new((a.Set & b.Clear) | (a.Clear & b.Set), (a.Set & b.Set) | (a.Clear & b.Clear));

    public static KnownBits operator ~(KnownBits a) => new(a.Clear, a.Set);

    public static KnownBits operator +(KnownBits a, KnownBits b) => Add(a, b, carry: 0);

    // a - b = a + ~b + 1
    public static KnownBits operator -(KnownBits a, KnownBits b) => Add(a, ~b, carry: 1);

    /// <summary>
    /// The largest and the smallest sum are computed once each; where both the operands and the carry into a bit are certain, so is
    /// the bit of the sum.
    /// </summary>
    private static KnownBits Add(KnownBits a, KnownBits b, ulong carry)
    {
        unchecked
        {
            ulong largest = ~a.Clear + ~b.Clear + carry;
            ulong smallest = a.Set + b.Set + carry;
            ulong noCarryIn = ~(largest ^ ~a.Clear ^ ~b.Clear);
            ulong carryIn = smallest ^ a.Set ^ b.Set;
            ulong known = (a.Set | a.Clear) & (b.Set | b.Clear) & (noCarryIn | carryIn);
            return new(smallest & known, ~largest & known);
        }
    }
}
