namespace NsGen.Generator;

/// <summary>The pipeline's steps, by the names under which tests ask whether they ran again.</summary>
internal static class TrackingNames
{
    /// <summary>Declarations, each as a model.</summary>
    public const string Methods = nameof(Methods);

    /// <summary>The models with the names of their files.</summary>
    public const string Files = nameof(Files);

    /// <summary>What the module initializer registers.</summary>
    public const string Entry = nameof(Entry);

    public static IReadOnlyList<string> All { get; } = [Methods, Files, Entry];
}
