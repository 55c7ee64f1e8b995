using NsGen.Analyzers.Declaration;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.Declaration;

namespace NsGen.Analyzers.Tests.Declaration;

public sealed class ContainingTypeTests
{
    [Reports(RuleIds.ContainingTypeNotPartial)]
    public Task Each_level_that_is_not_partial() => Verify.FixesAsync<ContainingTypeAnalyzer, PartialTypeFix>(
        """
        using NsGen;

        // kept
        class [|Outer|]
        {
            public static partial class Middle
            {
                internal record struct [|Inner|]
                {
                    [Isolated(Namespaces.Uts)]
                    public static partial int {|CS0751:{|CS8795:Go|}|}();

                    static int GoCore() => 0;
                }
            }
        }
        """,
        """
        using NsGen;

        // kept
        partial class Outer
        {
            public static partial class Middle
            {
                internal partial record struct Inner
                {
                    [Isolated(Namespaces.Uts)]
                    public static partial int Go();

                    static int GoCore() => 0;
                }
            }
        }
        """,
        new() { Message = "'Outer' contains the isolated method 'Go', but is not partial: the generator cannot write the method's other part. Add 'partial'." });

    [Reports(RuleIds.ContainingTypeNotPartial)]
    public Task A_file_local_type() => Verify.NoFixAsync<ContainingTypeAnalyzer, PartialTypeFix>(
        """
        using NsGen;

        file partial class [|C|]
        {
            [Isolated(Namespaces.Uts)]
            public static partial int {|CS8795:Go|}();

            static int GoCore() => 0;
        }
        """,
        new() { Message = "'C' contains the isolated method 'Go', but is seen in its file only: the generator cannot write the method's other part. Remove 'file'." });

    [Silent(RuleIds.ContainingTypeNotPartial)]
    public Task Types_without_isolated_methods_are_silent() => Verify.SilentAsync<ContainingTypeAnalyzer>("""
        using NsGen;

        class Plain
        {
            [Obsolete]
            void M() { }
        }

        partial interface IPartial
        {
            [Isolated(Namespaces.Uts)]
            public static partial int Go();

            private static int GoCore() => 0;

            class Nested;
        }
        """);
}
