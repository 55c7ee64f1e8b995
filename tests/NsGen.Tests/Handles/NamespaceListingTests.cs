using System.Diagnostics;
using System.Globalization;
using NsGen.Native;

namespace NsGen.Tests;

public sealed class NamespaceListingTests
{
    /// <summary>
    /// execve(2) lets the parent of a vfork go on when the old memory is gone, and only then writes the arguments into the new: until then
    /// /proc/PID/cmdline is empty.
    /// </summary>
    internal static void WaitForCommandLine(IsolatedProcess child)
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"/proc/{child.Id}/cmdline");
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllBytes(file).Length > 0, 10_000));
    }

    [KernelFact]
    public void This_process_is_found_in_each_of_its_namespaces()
    {
        NamespaceListing listing = NamespaceListing.Read();
        NamespaceSet own = NamespaceSet.Current();
        foreach (Namespaces kind in Proc.Links.Keys)
        {
            NamespaceListingEntry entry = Assert.Single(listing.Entries, entry => entry.Id == own[kind]);
            Assert.Equal(kind, entry.Type);
            Assert.True(entry.Processes >= 1);
            Assert.True(entry.FirstProcessId <= Environment.ProcessId);
            Assert.NotEmpty(entry.Command);
        }
    }

    [KernelFact]
    public void Namespaces_are_sorted_by_kind_and_inode()
    {
        IReadOnlyList<NamespaceListingEntry> entries = NamespaceListing.Read().Entries;
        Assert.Equal(entries.OrderBy(static e => Proc.Links[e.Type], StringComparer.Ordinal).ThenBy(static e => e.Id.Inode), entries);
        Assert.Equal(entries.Count, entries.Select(static e => e.Id).Distinct().Count());
    }

    [KernelTheory, AsCaller]
    public void A_childs_namespace_has_its_process_command_and_owner(Namespaces user)
    {
        using IsolatedProcess child = Shell.StartWaiting(new() { Namespaces = user | Uts | Net });
        WaitForCommandLine(child);
        NamespaceListing listing = NamespaceListing.Read(Uts | User | Net);
        Assert.DoesNotContain(listing.Entries, static e => e.Type is not (Uts or User or Net));
        foreach (Namespaces kind in (Namespaces[])[Uts, Net])
        {
            NamespaceListingEntry entry = Assert.Single(listing.Entries, entry => entry.Id == NamespaceSet.Of(child.Id)[kind]);
            Assert.Equal(1, entry.Processes);
            Assert.Equal(child.Id, entry.FirstProcessId);
            Assert.Equal("/bin/cat", entry.Command);
            Assert.Equal(LibC.GetEffectiveUserId(), entry.OwnerUid);
        }

        child.Kill();
    }

    [KernelTheory(Tools = "lsns"), AsCaller]
    public void It_agrees_with_lsns(Namespaces user) => InChild.Run(CompareWithLsns, user | Pid | Mount | Uts | Ipc);

    private static void CompareWithLsns()
    {
        // In a PID namespace of its own nobody else comes and goes.
        using IsolatedProcess one = Shell.StartWaiting(new() { Namespaces = Uts | Net });
        using IsolatedProcess two = Shell.StartWaiting(new() { Namespaces = Pid | Mount | User });
        using IsolatedProcess three = Shell.StartWaiting(new() { Namespaces = Cgroup | Time });
        Assert.All([one, two, three], WaitForCommandLine);
        NamespaceListing listing = NamespaceListing.Read();
        string[] columns = ["--list", "--noheadings", "--raw", "--output", "NS,TYPE,NPROCS,PID,COMMAND"];
        Finished lsns = TestApp.Run(new ProcessStartInfo(Requirements.FindTool("lsns")!, columns));
        Assert.True(lsns.Status.IsSuccess, lsns.Error);

        // lsns counts itself, and where it sees a namespace's parent or owner that has no process, adds that with 0 processes.
        NamespaceSet own = NamespaceSet.Current();
        string[] theirs = [.. from line in lsns.Output.Split('\n')
                              let fields = line.Split(' ', 5)
                              where fields[2] != "0"
                              let ownOne = Proc.Links.Keys.Any(kind => own[kind]?.Inode.ToString(CultureInfo.InvariantCulture) == fields[0])
                              let processes = int.Parse(fields[2], CultureInfo.InvariantCulture) - (ownOne ? 1 : 0)
                              orderby fields[0], fields[1]
                              select $"{fields[0]} {fields[1]} {processes} {fields[3]} "
                                  + $"{fields[4].Replace("\\x20", " ", StringComparison.Ordinal)}"];
        string[] ours = [.. from entry in listing.Entries
                            let line = string.Create(
                                CultureInfo.InvariantCulture,
                                $"{entry.Id.Inode} {Proc.Links[entry.Type]} {entry.Processes} {entry.FirstProcessId} {entry.Command}")
                            orderby line.Split(' ')[0], line.Split(' ')[1]
                            select line];
        Assert.Equal(theirs, ours);
        Assert.Equal(0, listing.UnreadableProcesses);
        Assert.Equal(4, listing.Processes);
        one.Kill();
        two.Kill();
        three.Kill();
    }

    [KernelFact(Requires.Unprivileged)]
    public void Processes_that_may_not_be_looked_at_are_counted_and_told()
    {
        NamespaceListing listing = NamespaceListing.Read();
        Assert.True(listing.UnreadableProcesses >= 1); // PID 1, at least
        Assert.True(listing.Processes >= 1);
        int all = listing.UnreadableProcesses + listing.Processes;
        Assert.Contains($"{listing.UnreadableProcesses} of {all} processes", listing.ToString(), StringComparison.Ordinal);
    }

    [KernelTheory, AsCaller]
    public void Where_all_may_be_looked_at_none_is_said_to_be_missing(Namespaces user) => InChild.Run(ReadEverything, user | Pid | Mount);

    private static void ReadEverything()
    {
        NamespaceListing listing = NamespaceListing.Read();
        Assert.Equal(0, listing.UnreadableProcesses);
        Assert.Equal(1, listing.Processes);
        string[] lines = listing.ToString().Split('\n');
        Assert.Equal(listing.Entries.Count + 1, lines.Length);
        Assert.Equal(["NS", "TYPE", "NPROCS", "PID", "OWNER", "COMMAND"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [KernelFact]
    public void A_command_line_does_not_command_the_terminal()
    {
        using IsolatedProcess child = IsolatedProcess.Start(
            "/bin/sh",
            ["-c", "cat; :", "\u001b[2J"],
            new() { Namespaces = Requirements.IsRoot ? Uts : User | Uts, StandardInput = Redirection.Pipe });
        WaitForCommandLine(child);
        NamespaceListing listing = NamespaceListing.Read(Uts);
        Assert.Contains(
            listing.Entries, entry => entry.FirstProcessId == child.Id && entry.Command.Contains('\u001b', StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', listing.ToString());
        Assert.Contains("\\x1b[2J", listing.ToString(), StringComparison.Ordinal);
        child.Kill();
    }

    [KernelFact(Requires.Isolation)]
    public async Task Processes_that_come_and_go_meanwhile_do_not_disturb_it()
    {
        using var stop = new CancellationTokenSource();
        Task storm = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using IsolatedProcess child = IsolatedProcess.Start(
                    "/bin/true", [], new() { Namespaces = Requirements.IsRoot ? Uts : User | Uts });
                child.WaitForExit();
            }
        });
        for (int i = 0; i < 50; i++)
        {
            NamespaceListing listing = NamespaceListing.Read();
            Assert.Contains(listing.Entries, static e => e.Type == Uts);
            Assert.All(listing.Entries, static e => Assert.True(e.Processes > 0));
        }

        await stop.CancelAsync();
        await storm;
    }

    [KernelFact]
    public void Kinds_have_to_be_named()
    {
        Assert.Throws<ArgumentException>(() => NamespaceListing.Read(None));
        Assert.Throws<ArgumentException>(() => NamespaceListing.Read((Namespaces)1));
    }
}
