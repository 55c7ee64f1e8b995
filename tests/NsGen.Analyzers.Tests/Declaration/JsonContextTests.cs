using NsGen.Analyzers.Declaration;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.Declaration;

/// <summary>NSG004 and NSG005 where a JsonSerializerContext does not know what is to travel as JSON.</summary>
public sealed class JsonContextTests
{
    private static string Program(string attributes, string members) => $$"""
        using System.Text.Json;
        using System.Text.Json.Serialization;
        using System.Text.Json.Serialization.Metadata;
        using NsGen;
        using static NsGen.Namespaces;

        public record Point(int X, int Y);
        public record Line(Point From, Point To);
        public record Named(string Name, List<Line> Lines);
        [JsonDerivedType(typeof(Circle))]
        public class Shape { }
        public class Circle : Shape { public Point? Centre { get; set; } }
        public class Lines : List<Line> { }

        {{attributes}}
        public partial class Context : JsonSerializerContext
        {
            public static Context Default { get; } = new();
            public Context() : base(null) { }
            protected override JsonSerializerOptions? GeneratedSerializerOptions => null;
            public override JsonTypeInfo? GetTypeInfo(Type type) => null;
        }

        partial class C
        {
        {{members}}
        }
        """;

    [Reports(RuleIds.ParameterCannotCross)]
    public Task A_parameter_that_the_context_lacks() => Verify.ReportsAsync<InvalidDeclarationAnalyzer>(
        Program(
            "[JsonSerializable(typeof(Line))]",
            """
                [Isolated(Uts, JsonContext = typeof(Context))]
                public static partial void Draw(Line line, {|NSG004:Named named|}, {|NSG004:List<Point> points|}, {|NSG004:IProgress<Shape> progress|});

                static void DrawCore(Line line, Named named, List<Point> points, IProgress<Shape> progress) { }
            """),
        new()
        {
            Message = "'Draw' cannot run isolated, so a call of it throws. Its parameter 'named' of type Named is not known to Context: "
                + "add [JsonSerializable(typeof(Named))] to it.",
        });

    [Reports(RuleIds.ResultCannotCross)]
    public Task A_result_that_the_context_lacks() => Verify.ReportsAsync<InvalidDeclarationAnalyzer>(Program(
        "[JsonSerializable(typeof(Line))]",
        """
            [Isolated(Uts, JsonContext = typeof(Context))]
            public static partial {|NSG005:Task<Named>|} ReadAsync();

            static Named ReadAsyncCore() => throw new NotSupportedException();
        """));

    [Silent(RuleIds.ParameterCannotCross)]
    public Task What_the_context_names_or_reaches_is_silent() => Verify.SilentAsync<InvalidDeclarationAnalyzer>(Program(
        "[JsonSerializable(typeof(Named)), JsonSerializable(typeof(Shape)), JsonSerializable(typeof(Lines)), JsonSerializable(typeof((int A, Point B)))]",
        """
            [Isolated(Uts, JsonContext = typeof(Context))]
            public static partial Line Draw(
                Point? point, List<Line> lines, Circle circle, (int C, Point D) pair, int number, string text, DateTime[] times, IsolationOptions options, CancellationToken token);

            static Line DrawCore(Point? point, List<Line> lines, Circle circle, (int C, Point D) pair, int number, string text, DateTime[] times, CancellationToken token)
                => throw new NotSupportedException();
        """));

    [Silent(RuleIds.ParameterCannotCross)]
    public Task A_context_written_by_hand_may_know_anything() => Verify.SilentAsync<InvalidDeclarationAnalyzer>(Program(
        "",
        """
            [Isolated(Uts, JsonContext = typeof(Context))]
            public static partial void Draw(Named named);

            static void DrawCore(Named named) { }
        """));
}
