using NsGen.Analyzers.Declaration;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.Declaration;

namespace NsGen.Analyzers.Tests.Declaration;

/// <summary>NSG001, NSG003, NSG004, NSG005, NSG011.</summary>
public sealed class InvalidDeclarationTests
{
    private const string Start = """
        using NsGen;
        using static NsGen.Namespaces;


        """;

    private static Task Reports(string members, string? message = null) =>
        Verify.ReportsAsync<InvalidDeclarationAnalyzer>(InType(members), new() { Message = message });

    private static Task Silent(string members) => Verify.SilentAsync<InvalidDeclarationAnalyzer>(InType(members));

    private static Task Fixes<TFix>(string members, string fixedMembers)
        where TFix : Microsoft.CodeAnalysis.CodeFixes.CodeFixProvider, new() =>
        Verify.FixesAsync<InvalidDeclarationAnalyzer, TFix>(InType(members), InType(fixedMembers));

    private static string InType(string members) => Start + "partial class C\n{\n" + members + "\n}\n";

    [Reports(RuleIds.IsolatedMethodShape)]
    public Task Modifiers_are_missing() => Fixes<ModifiersFix>(
        """
            [Isolated(Uts)]
            static partial void [|Vanishes|]();

            static void VanishesCore() { }

            // kept
            [Isolated(Uts)]
            public partial int [|Instance|]();

            static int InstanceCore() => 0;

            [Isolated(Uts)] partial void [|Both|]();

            static void BothCore() { }

            [Isolated(Uts)] internal unsafe partial int [|Unsafe|]();

            static int UnsafeCore() => 0;
        """,
        """
            [Isolated(Uts)]
            private static partial void Vanishes();

            static void VanishesCore() { }

            // kept
            [Isolated(Uts)]
            public static partial int Instance();

            static int InstanceCore() => 0;

            [Isolated(Uts)] private static partial void Both();

            static void BothCore() { }

            [Isolated(Uts)] internal static unsafe partial int Unsafe();

            static int UnsafeCore() => 0;
        """);

    [Reports(RuleIds.IsolatedMethodShape)]
    public Task Partial_is_missing() => Fixes<ModifiersFix>(
        """
            [Isolated(Uts)]
            public static void {|CS0501:[|NotPartial|]|}();

            static void NotPartialCore() { }

            [Isolated(Uts)]
            void {|CS0501:[|Nothing|]|}();

            static void NothingCore() { }
        """,
        """
            [Isolated(Uts)]
            public static partial void NotPartial();

            static void NotPartialCore() { }

            [Isolated(Uts)]
            private static partial void Nothing();

            static void NothingCore() { }
        """);

    [Reports(RuleIds.IsolatedMethodShape)]
    public Task A_body_of_its_own_is_not_moved() => Verify.NoFixAsync<InvalidDeclarationAnalyzer, ModifiersFix>(
        InType("""
            [Isolated(Uts)]
            public static int [|HasBody|]() => 1;

            [Isolated(Uts)]
            private static partial void [|Implemented|]();

            private static partial void Implemented() { }
        """),
        new() { Message = "'HasBody' cannot run isolated as it is declared. It must be partial: the generator writes its other part. It must have no body of its own: move it to the method that is to run, HasBodyCore." });

    [Reports(RuleIds.IsolatedMethodShape)]
    public Task What_is_no_method_of_a_type() => Reports("""
            int P { [[|Isolated(Uts)|]] get => 1; }

            void M()
            {
                [[|Isolated(Uts)|]] static void Local() { }
                Local();
                Action lambda = [[|Isolated(Uts)|]] () => { };
                lambda();
            }
        """);

    [Silent(RuleIds.IsolatedMethodShape)]
    public Task Right_declarations_and_other_attributes_are_silent() => Silent("""
            [Isolated(Uts)]
            private static partial void Plain();

            static void PlainCore() { }

            [Isolated(Uts, Mode = IsolationMode.Thread)]
            public partial int OnAThread(Stream anything, Action<int> action);

            int OnAThreadCore(Stream anything, Action<int> action) => 1;

            [Obsolete]
            void NotIsolated() { }

            [Isolated(Uts, Exec = "/bin/true")]
            public static partial int Program(params string[] arguments);
        """);

    [Reports(RuleIds.BodyMethodMissing)]
    public Task No_body() => Fixes<WriteBodyFix>(
        """
            [Isolated(Uts)]
            public static partial int {|NSG003:Add|}(int a, List<string?> b, IsolationOptions options, CancellationToken token = default);

            [Isolated(Uts, Body = {|NSG003:"Run"|})]
            public static partial Task<int> AddAsync([Description("x")] int @class);

            [Isolated(Uts)]
            public static partial IsolatedProcess<int> {|NSG003:Start|}();

            [Isolated(Uts)]
            public static partial IsolatedProcess {|NSG003:StartPlain|}();

            [Isolated(Uts, Mode = IsolationMode.Thread)]
            public partial Task<T> {|NSG003:OnThread|}<T>(T value) where T : class;
        """,
        """
            [Isolated(Uts)]
            public static partial int Add(int a, List<string?> b, IsolationOptions options, CancellationToken token = default);

            private static int AddCore(int a, List<string?> b, CancellationToken token) => throw new System.NotImplementedException();

            [Isolated(Uts, Body = "Run")]
            public static partial Task<int> AddAsync([Description("x")] int @class);

            private static Task<int> Run(int @class) => throw new System.NotImplementedException();

            [Isolated(Uts)]
            public static partial IsolatedProcess<int> Start();

            private static int StartCore() => throw new System.NotImplementedException();

            [Isolated(Uts)]
            public static partial IsolatedProcess StartPlain();

            private static void StartPlainCore() => throw new System.NotImplementedException();

            [Isolated(Uts, Mode = IsolationMode.Thread)]
            public partial Task<T> OnThread<T>(T value) where T : class;

            private T OnThreadCore<T>(T value) where T : class => throw new System.NotImplementedException();
        """);

    [Reports(RuleIds.BodyMethodMissing)]
    public Task A_method_of_that_name_and_those_parameters_is_in_the_way() => Verify.NoFixAsync<InvalidDeclarationAnalyzer, WriteBodyFix>(
        InType("""
            [Isolated(Uts)]
            public static partial int {|NSG003:Add|}(int a);

            static long AddCore(int a) => a;

            [Isolated(Uts, Body = {|NSG003:"no name"|})]
            public static partial int Other(int a);

            [Isolated(Uts)]
            public static partial int {|NSG003:Field|}();

            const int FieldCore = 1;
        """),
        new() { Message = "'Add' cannot run isolated, so a call of it throws. There is no body to run: declare 'static int AddCore(int a)' in C." });

    [Silent(RuleIds.BodyMethodMissing)]
    public Task Bodies_of_every_kind_are_found() => Silent("""
            [Isolated(Uts)]
            public static partial int Add(int a, IsolationOptions options, CancellationToken token);

            static async Task<int> AddCore(int a)
            {
                await Task.Yield();
                return a;
            }

            [Isolated(Uts, Body = nameof(Run))]
            public static partial void Other();

            static void Run() { }
        """);

    [Reports(RuleIds.ParameterCannotCross)]
    public Task Parameters_that_cannot_cross() => Reports(
        """
            [Isolated(Uts)]
            public static partial void Reference({|NSG004:ref int a|}, int b);

            static void ReferenceCore(int a, int b) { }

            [Isolated(Uts)]
            public static partial void Delegate(int a, [Description("x")] {|NSG004:Action<int> action|});

            static void DelegateCore(int a, Action<int> action) { }

            [Isolated(Uts)]
            public static partial void Tokens(CancellationToken a, {|NSG004:CancellationToken b|});

            static void TokensCore() { }

            [Isolated(Uts, Exec = "/bin/true")]
            public static partial void Program({|NSG004:List<int> numbers|});

            [Isolated(Uts, Mode = IsolationMode.Thread)]
            public static partial void OnThread({|NSG004:Span<int> numbers|});

            static void OnThreadCore(Span<int> numbers) { }
        """,
        "'Reference' cannot run isolated, so a call of it throws. Its parameter 'a' is passed by reference, and a reference into another process means nothing: pass it by value.");

    [Silent(RuleIds.ParameterCannotCross)]
    public Task Parameters_that_cross_are_silent() => Silent("""
            [Isolated(Uts)]
            public static partial void M(in int a, FileStream file, IProgress<int> progress, List<string> list, (int, string) pair, CancellationToken token);

            static void MCore(int a, FileStream file, IProgress<int> progress, List<string> list, (int, string) pair, CancellationToken token) { }

            [Isolated(Uts, Exec = "/bin/true")]
            public static partial void Program(int number, DayOfWeek day, List<string> texts);
        """);

    [Reports(RuleIds.ResultCannotCross)]
    public Task Results_that_cannot_come_back() => Reports(
        """
            [Isolated(Uts)]
            public static partial {|NSG005:Stream|} Open();

            static Stream OpenCore() => Stream.Null;

            [Isolated(Uts)]
            public static partial {|NSG005:Task<Action>|} Make();

            static Action MakeCore() => () => { };

            [Isolated(Uts, Exec = "/bin/true")]
            public static partial {|NSG005:string|} Program();

            [Isolated(Uts, Mode = IsolationMode.Thread)]
            public static partial {|NSG005:IsolatedProcess|} OnThread();

            static void OnThreadCore() { }
        """,
        "'Open' cannot run isolated, so a call of it throws. Its result of type System.IO.Stream cannot come back from another process: an open stream belongs to this process; pass a FileStream, a PipeStream or a path.");

    [Silent(RuleIds.ResultCannotCross)]
    public Task Results_that_come_back_are_silent() => Silent("""
            [Isolated(Uts)]
            public static partial Dictionary<string, int[]> Read();

            static Dictionary<string, int[]> ReadCore() => new();

            [Isolated(Uts)]
            public static partial IAsyncEnumerable<int> Stream();

            static async IAsyncEnumerable<int> StreamCore()
            {
                await Task.Yield();
                yield return 1;
            }

            [Isolated(Uts, Exec = "/bin/true")]
            public static partial Task<ExitStatus> Program();
        """);

    [Reports(RuleIds.GenericIsolatedMethod)]
    public Task A_generic_method() => Reports(
        """
            [Isolated(Uts)]
            public static partial int Count{|NSG011:<T>|}(int a);

            static int CountCore(int a) => a;

            // Neither that T cannot come back nor that there is no body without type parameters.
            [Isolated(Uts)]
            public static partial T Load{|NSG011:<T>|}(T fallback);

            static T LoadCore<T>(T fallback) => fallback;

            partial class Inner<T>
            {
                [Isolated(Uts)]
                public static partial void {|NSG011:Go|}();

                static void GoCore() { }
            }
        """,
        "'Count' cannot run isolated, so a call of it throws. It must not be generic: the other process cannot know its type arguments.");

    [Silent(RuleIds.GenericIsolatedMethod)]
    public Task On_a_thread_a_method_may_be_generic() => Silent("""
            [Isolated(Uts, Mode = IsolationMode.Thread)]
            public static partial T Get<T>(T value);

            static T GetCore<T>(T value) => value;
        """);
}
