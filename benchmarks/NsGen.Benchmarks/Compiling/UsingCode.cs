using System.Text;

namespace NsGen.Benchmarks;

/// <summary>Files that do have to do with a generator.</summary>
internal static class UsingCode
{
    public const int Declarations = 10;

    public static string Isolated() => Repeat("using NsGen;\nusing static NsGen.Namespaces;\n", static i =>
        $$"""
        public static partial class Isolated{{i}}
        {
            [Isolated(Uts | Pid | Mount)]
            public static partial string Greet(string name, int times);

            private static string GreetCore(string name, int times) => name + times;
        }


        """);

    public static string Json() => Repeat("using System.Text.Json.Serialization;\n", static i =>
        $$"""
        public sealed record Message{{i}}(int Id, string Text);

        [JsonSerializable(typeof(Message{{i}}))]
        public sealed partial class Context{{i}} : JsonSerializerContext;


        """);

    private static string Repeat(string usings, Func<int, string> declaration)
        => Enumerable.Range(0, Declarations).Aggregate(new StringBuilder(usings), (code, i) => code.Append(declaration(i))).ToString();
}
