namespace NsGen.Analyzers;

/// <summary>
/// Every rule ID. An ID never changes meaning and is never reused. 0xx: declaring an isolated method. 1xx: clone flags and stack.
/// 2xx: setns and unshare. 3xx: what an isolated body does.
/// </summary>
internal static class RuleIds
{
    public const string IsolatedMethodShape = "NSG001";
    public const string ContainingTypeNotPartial = "NSG002";
    public const string BodyMethodMissing = "NSG003";
    public const string ParameterCannotCross = "NSG004";
    public const string ResultCannotCross = "NSG005";
    public const string NamespaceNeedsProcess = "NSG006";
    public const string AsyncThreadBody = "NSG007";
    public const string OptionWithoutNamespace = "NSG008";
    public const string OptionOutOfRange = "NSG009";
    public const string NoNamespace = "NSG010";
    public const string GenericIsolatedMethod = "NSG011";
    public const string BodyOnlyExecs = "NSG012";

    public const string RefusedFlags = "NSG101";
    public const string NewTimeInClone = "NSG102";
    public const string LowEndOfStack = "NSG103";
    public const string ForkFromManagedCode = "NSG104";
    public const string NoSigChld = "NSG105";
    public const string ResultIgnored = "NSG106";
    public const string ManagedStack = "NSG107";
    public const string UnmanagedCallersOnlyChild = "NSG108";

    public const string PidNamespaceOfChildren = "NSG201";
    public const string AlwaysFailsInDotNet = "NSG202";
    public const string SharedFsBeforeSetns = "NSG203";
    public const string PoolThreadChanged = "NSG204";
    public const string NamespaceTypeMismatch = "NSG205";
    public const string AnyNamespaceType = "NSG206";
    public const string MountLeaksToHost = "NSG207";
    public const string WaitForAnyChild = "NSG208";
    public const string GidMapBeforeSetgroups = "NSG209";

    public const string StaticWriteDies = "NSG301";
    public const string StaticReadIsInitial = "NSG302";
    public const string ThreadKeepsNamespace = "NSG303";
    public const string BodyCallsLauncher = "NSG304";
    public const string WallClockUnchanged = "NSG305";
    public const string PidWithoutMount = "NSG306";
    public const string BodyExitsProcess = "NSG307";
}
