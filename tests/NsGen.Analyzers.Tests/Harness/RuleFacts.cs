using Xunit;

namespace NsGen.Analyzers.Tests.Harness;

/// <summary>A test in which a rule reports. RuleCompletenessTests requires one of each rule.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReportsAttribute(string ruleId) : FactAttribute
{
    public string RuleId { get; } = ruleId;
}

/// <summary>A test in which a rule stays silent though it is near. RuleCompletenessTests requires one of each rule.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SilentAttribute(string ruleId) : FactAttribute
{
    public string RuleId { get; } = ruleId;
}
