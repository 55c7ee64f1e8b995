using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace NsGen.Samples.Tests;

/// <summary>What has to be seen in each row, by root and by others.</summary>
public sealed partial class NamespaceTourTests
{
    private const string Tools = "hostname ps ip ipcmk ipcs unshare";

    private static readonly string s_host = Environment.MachineName;
    private static readonly ConcurrentDictionary<Caller, Lazy<string>> s_tours = new();

    [KernelTheory(Tools = Tools), Callers]
    public void Row_1_a_child_with_a_number_of_its_own_and_the_parents_namespaces(Caller caller)
    {
        Match row = Match(caller, 1, """
            parent: pid (\d+)
            child:  pid (\d+)
            child:  /proc/self/ns is the same as the parent's
            parent: the child returned 42
            shell:  pid (\d+)
            parent: the shell ended with exit code 7
            """);
        Assert.Equal(3, row.Groups.Values.Skip(1).Select(static group => group.Value).Distinct().Count());
    }

    [KernelTheory(Tools = Tools), Callers]
    public void Row_2_a_host_name_that_changes_inside_only(Caller caller)
    {
        Match(caller, 2, $"inside:  host name container\ninside:  host name changed\noutside: host name {Regex.Escape(s_host)}");

        string shown = File.ReadAllText(Path.Combine(Repository.Root, "samples", "NamespaceTour", "README.md"));
        string output = Sample.Output(caller, "NamespaceTour", "uts").TrimEnd();
        output = output.Replace($"outside: host name {s_host}", "outside: host name vm", StringComparison.Ordinal);
        Assert.Contains($"```text\n{output}\n```", shown, StringComparison.Ordinal);
    }

    [KernelTheory(Tools = Tools), Callers]
    public void Row_3_a_queue_seen_inside_and_gone(Caller caller)
    {
        Match row = Match(caller, 3, """
            outside: (\d+) queues before
            inside:  Message queue id: 0
            inside:  1 queues
            outside: (\d+) queues meanwhile
            outside: (\d+) queues after
            """);
        Assert.Single(row.Groups.Values.Skip(1).Select(static group => group.Value).Distinct());
    }

    [KernelTheory(Tools = Tools), Callers]
    public void Row_4_one_and_zero(Caller caller) => Match(caller, 4, "1 0");

    [KernelTheory(Tools = Tools), Callers]
    public void Row_5_ps_shows_itself_only_and_the_hosts_proc_still_works(Caller caller) => Match(caller, 5, """
         +PID +TTY +STAT +TIME +COMMAND
         +1 .* ps ax
        outside: /proc still shows \d+ processes, and \d+ is one of them
        """);

    [KernelTheory(Tools = Tools), Callers]
    public void Row_6_loopback_only_up_and_down(Caller caller) => Match(caller, 6, """
        1: lo: <LOOPBACK,UP,LOWER_UP> .*
         +link/loopback .*
        1: lo: <LOOPBACK> .* state DOWN .*
         +link/loopback .*
        """);

    [KernelTheory(Tools = Tools), Callers]
    public void Row_7_three_differ(Caller caller)
        => Match(caller, 7, $"differs from the parent's: {(IsRoot(caller) ? "Mount, Pid, Net" : "Mount, User, Pid, Net")}");

    [KernelTheory(Tools = Tools), Callers]
    public void Row_8_root_inside_the_caller_outside(Caller caller)
    {
        Match row = Match(caller, 8, """
            outside: user (\d+)
            inside:  uid=0\(root\) gid=0\(root\) .*
            inside:  uid_map +0 +(\d+) +1
            outside: the child's user is (\d+)
            """);
        string user = caller == Caller.Nobody ? "65534" : Native.LibC.GetEffectiveUserId().ToString(CultureInfo.InvariantCulture);
        Assert.All(row.Groups.Values.Skip(1), group => Assert.Equal(user, group.Value));
    }

    [KernelTheory(Requires.Isolation | Requires.TimeNamespaces, Tools = Tools), Callers]
    public void Row_9_the_root_of_the_groups_and_two_clocks_moved(Caller caller)
    {
        Match row = Match(caller, 9, """
            (?:\d+:[^:]*:/\n)+outside: monotonic (\d+), since boot (\d+), wall clock (.*)
            inside:  monotonic (\d+), since boot (\d+), wall clock (.*)
            """);
        Assert.InRange(Number(row, 4) - Number(row, 1), 1_000_000, 1_000_060);
        Assert.InRange(Number(row, 5) - Number(row, 2), 2_000_000, 2_000_060);
        DateTime[] clocks = [.. new[] { 3, 6 }.Select(group => DateTime.Parse(row.Groups[group].Value, CultureInfo.InvariantCulture))];
        Assert.InRange(clocks[1] - clocks[0], TimeSpan.Zero, TimeSpan.FromMinutes(1));

        static long Number(Match row, int group) => long.Parse(row.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [KernelTheory(Tools = Tools), Callers]
    public void Row_10_the_targets_host_name_and_processes_and_an_error_for_another_kind(Caller caller) => Match(caller, 10, """
        inside:  target
         +PID .*
         +1 .* cat
         +2 .* /bin/sh .*
         +\d+ .* ps ax
        mismatch: open /proc/self/ns/net as a uts namespace: .*\(EINVAL\).*net:\[\d+\].*
        """);

    [KernelTheory(Tools = Tools), Callers]
    public void Row_11_the_caller_stays_and_its_child_is_inside(Caller caller) => Match(caller, 11, """
        target:  (pid:\[\d+\])
        caller:  (pid:\[\d+\])
        child:   \1
        caller:  \2, as before
        """);

    [KernelTheory(Tools = Tools), Callers]
    public void Row_12_a_program_and_a_thread(Caller caller) => Match(caller, 12, $"""
         +PID .*
         +1 .* /bin/sh .*
         +2 .* ps ax
        lo .*LOOPBACK,UP.*
        thread:  {(IsRoot(caller) ? @"pid (\d+), host name thread" : @"unshare\(CLONE_NEWUTS\): .*EPERM.*CAP_SYS_ADMIN.*IsolationMode\.Process.*()")}
        process: pid {(IsRoot(caller) ? @"\1" : @"\d+")}, host name {Regex.Escape(s_host)}
        """);

    [KernelTheory(Tools = Tools), Callers]
    public void Row_13_links_compared(Caller caller)
    {
        Match row = Match(caller, 13, """
            (?:\w+ -> \w+:\[\d+\]\n)+Uts: (uts:\[\d+\]) and the child's (uts:\[\d+\]) are two
            Net: (net:\[\d+\]) and the child's (net:\[\d+\]) are one
            """);
        Assert.NotEqual(row.Groups[1].Value, row.Groups[2].Value);
        Assert.Equal(row.Groups[3].Value, row.Groups[4].Value);
    }

    [KernelTheory(Tools = Tools), Callers]
    public void Row_14_joined_after_the_last_process(Caller caller) => Match(caller, 14, """
        The last process of uts:\[\d+\] has ended\. Its host name, by the open file:
        survivor
        The file is closed\. By the mount:
        survivor
        """);

    [KernelTheory(Tools = Tools), Callers]
    public void Row_15_the_same_links_but_for_PID(Caller caller)
    {
        string user = IsRoot(caller) ? "" : "User, ";
        Match(caller, 15, $"""
            clone:           Mount, Uts, Ipc, {user}Pid, Net
            fork \+ unshare:  Mount, Uts, Ipc, {user}Net
            its next child:  is in a new PID namespace
            """);
    }

    [KernelTheory(Tools = Tools), Callers]
    public void Row_16_the_error_says_what_is_missing_and_what_would_do(Caller caller) => Match(caller, 16, """
        Uts:        clone\(CLONE_NEWUTS\): .*EPERM.*CAP_SYS_ADMIN.*Namespaces\.User.*
        Uts \| User: host name container
        """);

    [KernelFact]
    public void A_name_that_is_none_lists_them()
    {
        Finished finished = Sample.Run(Caller.Self, "NamespaceTour", "nothing");
        Assert.Equal(2, finished.Status.ExitCode);
        Assert.Contains("16 eperm: CLONE_NEWUTS without privilege", finished.Error, StringComparison.Ordinal);
    }

    private static bool IsRoot(Caller caller) => caller == Caller.Self && Requirements.IsRoot;

    /// <summary>The lines of a row below its heading, which have to be these.</summary>
    private static Match Match(Caller caller, int number, string pattern)
    {
        string tour = s_tours.GetOrAdd(caller, static caller => new(() => Sample.Output(caller, "NamespaceTour"))).Value;
        string[] rows = Heading().Split(tour + "\n");
        Assert.Equal(17, rows.Length); // nothing before the first
        Match match = Regex.Match(rows[number].Trim('\n'), $"\\A{pattern}\\z");
        Assert.True(match.Success, $"{rows[number]}\nis not\n\n{pattern}");
        return match;
    }

    [GeneratedRegex(@"^[ \d]\d [\w-]+: .*\n", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
