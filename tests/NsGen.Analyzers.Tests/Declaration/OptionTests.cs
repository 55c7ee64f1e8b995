using NsGen.Analyzers.Declaration;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.Declaration;

namespace NsGen.Analyzers.Tests.Declaration;

/// <summary>NSG008, NSG009, NSG010.</summary>
public sealed class OptionTests
{
    private static string Program(string attributes, string parameters = "") =>
        """
        using NsGen;
        using static NsGen.Namespaces;

        static partial class C
        {

        """
        + string.Concat(attributes.Split('\n').Select((attribute, i) => $$"""
                {{attribute}}
                public static partial void Go{{i}}({{parameters}});

                static void Go{{i}}Core() { }


            """))
        + "}\n";

    [Reports(RuleIds.OptionWithoutNamespace)]
    public Task An_option_without_its_namespace() => Verify.FixesAsync<OptionWithoutNamespaceAnalyzer, AddNamespaceFix>(
        Program("""
            [Isolated(Pid, [|HostName = "box"|])]
            [Isolated([|DomainName = "box"|])]
            [Isolated(None, [|HostName = "box"|])]
            [Isolated(Uts, [|MountProc = true|], HostName = "x")]
            [Isolated(Uts | Pid, [|MountProc = true|])]
            [Isolated(Uts, Exec = "/bin/true", [|Init = true|])]
            [Isolated(Uts, [|MonotonicOffsetSeconds = 1|])]
            [Isolated(Uts, [|BoottimeOffsetSeconds = -1|])]
            [Isolated(Uts, [|MapRoot = false|])]
            [Isolated(Uts, [|SetGroups = true|])]
            [Isolated(Uts, [|LoopbackUp = true|])]
            [Isolated(Uts, [|Propagation = MountPropagation.Slave|])]
            [Isolated(true ? Uts : Net, [|RootDirectory = "/srv"|])]
            """),
        Program("""
            [Isolated(Pid | Uts, HostName = "box")]
            [Isolated(Uts, DomainName = "box")]
            [Isolated(Uts, HostName = "box")]
            [Isolated(Uts | Mount | Pid, MountProc = true, HostName = "x")]
            [Isolated(Uts | Pid | Mount, MountProc = true)]
            [Isolated(Uts | Pid, Exec = "/bin/true", Init = true)]
            [Isolated(Uts | Time, MonotonicOffsetSeconds = 1)]
            [Isolated(Uts | Time, BoottimeOffsetSeconds = -1)]
            [Isolated(Uts | User, MapRoot = false)]
            [Isolated(Uts | User, SetGroups = true)]
            [Isolated(Uts | Net, LoopbackUp = true)]
            [Isolated(Uts | Mount, Propagation = MountPropagation.Slave)]
            [Isolated((true ? Uts : Net) | Mount, RootDirectory = "/srv")]
            """),
        new() { Message = "'Go0' sets HostName without a namespace Uts of its own: every call throws, because it would act on the caller's own. Add Uts, or remove HostName." });

    [Reports(RuleIds.OptionWithoutNamespace)]
    public Task A_flag_is_named_as_the_file_can_name_it() => Verify.FixesAsync<OptionWithoutNamespaceAnalyzer, AddNamespaceFix>(
        """
        static partial class C
        {
            [NsGen.Isolated([|HostName = "box"|])]
            public static partial void Go();

            static void GoCore() { }
        }
        """,
        """
        static partial class C
        {
            [NsGen.Isolated(NsGen.Namespaces.Uts, HostName = "box")]
            public static partial void Go();

            static void GoCore() { }
        }
        """);

    [Reports(RuleIds.OptionWithoutNamespace)]
    public Task What_is_joined_is_not_added() => Verify.NoFixAsync<OptionWithoutNamespaceAnalyzer, AddNamespaceFix>(
        Program("""[Isolated(Join = Uts, [|HostName = "box"|])]""", "NamespaceTarget target"));

    [Silent(RuleIds.OptionWithoutNamespace)]
    public Task Options_with_their_namespace_are_silent() => Verify.SilentAsync<OptionWithoutNamespaceAnalyzer>(
        Program("""
            [Isolated(Uts, HostName = "box", DomainName = "d")]
            [Isolated(Pid | Mount, MountProc = true, Propagation = MountPropagation.Shared)]
            [Isolated(Uts, MountProc = false, Init = false, MonotonicOffsetSeconds = 0, SetGroups = false, LoopbackUp = false, HostName = null)]
            [Isolated(Uts, Propagation = MountPropagation.Unchanged, ReadOnlyRoot = false)]
            [Isolated(All, MapRoot = false, SetGroups = true, LoopbackUp = true, BoottimeOffsetSeconds = 9)]
            [Isolated(Uts, UserIfNeeded = true, MapRoot = false, SetGroups = true)]
            """));

    [Silent(RuleIds.OptionWithoutNamespace)]
    public Task With_options_the_namespaces_are_known_at_run_time() => Verify.SilentAsync<OptionWithoutNamespaceAnalyzer>(
        Program("""[Isolated(HostName = "box", MountProc = true)]""", "IsolationOptions options"));

    [Silent(RuleIds.OptionWithoutNamespace)]
    public Task Groups_may_be_set_in_a_joined_user_namespace() => Verify.SilentAsync<OptionWithoutNamespaceAnalyzer>(
        Program("[Isolated(Join = User, SetGroups = true)]\n[Isolated(Uts, SetGroups = true)]", "NamespaceTarget target"));

    [Reports(RuleIds.OptionOutOfRange)]
    public Task A_value_out_of_range() => Verify.ReportsAsync<InvalidDeclarationAnalyzer>(
        Program("""
            [Isolated(Uts, HostName = {|NSG009:""|}, DomainName = {|NSG009:"0123456789012345678901234567890123456789012345678901234567890123x"|})]
            [Isolated(Uts, HostName = {|NSG009:"ä0123456789012345678901234567890123456789012345678901234567890123"|})]
            [Isolated(Uts, HostName = {|NSG009:"a\0b"|})]
            [Isolated(Uts, StackSize = {|NSG009:16383|})]
            [Isolated(Uts, StackSize = {|NSG009:-1|})]
            [Isolated(Uts, StackSize = {|NSG009:int.MaxValue|})]
            [Isolated(Uts, TimeoutMilliseconds = {|NSG009:-2|})]
            [Isolated(Uts, Warm = {|NSG009:-1|})]
            [Isolated(Uts, Warm = {|NSG009:65|})]
            [Isolated(Uts, Exec = {|NSG009:""|})]
            [Isolated(Uts, Body = {|NSG009:""|})]
            [Isolated(Uts, Body = {|NSG009:"Go11Core"|}, Exec = "/bin/true")]
            [Isolated({|NSG009:Uts | (Namespaces)0x100|})]
            [Isolated(Uts, Mode = {|NSG009:(IsolationMode)7|})]
            [Isolated(Mount, Propagation = {|NSG009:(MountPropagation)4|})]
            [Isolated(Uts, JsonContext = {|NSG009:typeof(string)|})]
            [Isolated(Uts, Join = {|NSG009:Net|})]
            [Isolated(Mount, RootDirectory = "/srv", Propagation = {|NSG009:MountPropagation.Shared|})]
            [Isolated(Pid, Init = {|NSG009:true|})]
            [Isolated(Uts, Mode = IsolationMode.Thread, Init = {|NSG009:true|})]
            [Isolated(Mount, Mode = IsolationMode.Thread, StackSize = {|NSG009:65536|}, TimeoutMilliseconds = {|NSG009:5|}, UserIfNeeded = {|NSG009:true|})]
            [Isolated(Mount, Mode = {|NSG009:IsolationMode.Thread|}, Exec = "/bin/true")]
            [Isolated(Mount, Mode = IsolationMode.Thread, Warm = {|NSG009:2|})]
            """),
        new() { Message = "'Go0' cannot run isolated, so a call of it throws. Its HostName has 0 bytes, and the kernel takes 1 to 64: give another name." });

    [Reports(RuleIds.OptionOutOfRange)]
    public Task Values_of_Join() => Verify.ReportsAsync<InvalidDeclarationAnalyzer>(
        Program("""
            [Isolated(Uts | Net, Join = {|NSG009:Net | Pid|})]
            [Isolated(Uts, Join = {|NSG009:(Namespaces)1|})]
            """,
            "NamespaceTarget target"));

    [Silent(RuleIds.OptionOutOfRange)]
    public Task Values_at_the_edge_are_silent() => Verify.SilentAsync<InvalidDeclarationAnalyzer>(
        Program("""
            [Isolated(Uts, HostName = "0123456789012345678901234567890123456789012345678901234567890123", DomainName = "ä")]
            [Isolated(Uts, StackSize = 16384, TimeoutMilliseconds = -1, Warm = 64)]
            [Isolated(Uts, StackSize = 0, TimeoutMilliseconds = 0, Warm = 0, HostName = null, Exec = null)]
            [Isolated(Uts, StackSize = 1 << 30, Mode = IsolationMode.Process)]
            [Isolated(All, RootDirectory = "/srv", ReadOnlyRoot = true, Propagation = MountPropagation.Slave)]
            [Isolated(Pid, Init = false)]
            [Isolated(Uts, Mode = IsolationMode.Thread, StackSize = 0, TimeoutMilliseconds = 0, NoNewPrivileges = false)]
            """));

    [Silent(RuleIds.OptionOutOfRange)]
    public Task With_options_the_target_is_known_at_run_time() => Verify.SilentAsync<InvalidDeclarationAnalyzer>(
        Program("[Isolated(Uts, Join = Net)]", "IsolationOptions options"));

    [Reports(RuleIds.NoNamespace)]
    public Task No_namespace_at_all() => Verify.ReportsAsync<NoNamespaceAnalyzer>(
        Program("""
            [[|Isolated|]]
            [[|Isolated|](Warm = 2)]
            [[|Isolated|](None)]
            """),
        new() { Message = "'Go0' names no namespace: its body runs in a child process like any other, in the namespaces of the caller. Name what is to be isolated, such as Namespaces.Mount." });

    [Silent(RuleIds.NoNamespace)]
    public Task A_namespace_created_is_silent() => Verify.SilentAsync<NoNamespaceAnalyzer>(Program("[Isolated(Uts)]"));

    [Silent(RuleIds.NoNamespace)]
    public Task A_namespace_joined_or_named_at_run_time_is_silent() => Verify.SilentAsync<NoNamespaceAnalyzer>(
        Program("[Isolated(Join = Net)]\n[Isolated]", "NamespaceTarget target, IsolationOptions options"));

    [Silent(RuleIds.NoNamespace)]
    public Task The_handles_of_a_target_say_what_is_joined() => Verify.SilentAsync<NoNamespaceAnalyzer>(
        Program("[Isolated]\n[Isolated(None)]", "NamespaceTarget target"));

    [Reports(RuleIds.NoNamespace)]
    public Task A_target_of_which_nothing_is_joined() => Verify.ReportsAsync<NoNamespaceAnalyzer>(
        Program("[[|Isolated|](Join = None)]", "NamespaceTarget target"));
}
