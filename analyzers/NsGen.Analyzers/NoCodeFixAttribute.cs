namespace NsGen.Analyzers;

/// <summary>States on an analyzer why its rule has no code fix. A rule has either this or a fixer; a test checks it.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class NoCodeFixAttribute(string reason) : Attribute
{
    /// <summary>Why no edit can be offered.</summary>
    public string Reason { get; } = reason;

    /// <summary>The rule meant, where the analyzer reports several.</summary>
    public string? RuleId { get; set; }
}
