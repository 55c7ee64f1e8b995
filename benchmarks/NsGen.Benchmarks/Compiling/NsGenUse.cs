namespace NsGen.Benchmarks;

/// <summary>What the program that is compiled has to do with NsGen.</summary>
internal enum NsGenUse
{
    /// <summary>Nothing: it could not even name it.</summary>
    None,

    /// <summary>It references NsGen, and none of its files uses it.</summary>
    Referenced,

    /// <summary>One file has isolated methods.</summary>
    InOneFile,
}
