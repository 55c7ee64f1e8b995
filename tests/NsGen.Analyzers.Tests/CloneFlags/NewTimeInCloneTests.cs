using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.CloneFlags;

public sealed class NewTimeInCloneTests
{
    [Reports(RuleIds.NewTimeInClone)]
    public Task Clone_takes_it_for_a_signal() => Verify.ReportsAsync<NewTimeInCloneAnalyzer>(
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            const int CLONE_NEWTIME = 0x80;

            void M(void* fn, void* top, int extra)
            {
                clone(fn, top, [|CLONE_NEWTIME | SIGCHLD|], null);
                clone(fn, top, [|CLONE_NEWTIME | extra|], null);
                clone(fn, top, [|145|], null);
            }
        }
        """,
        new() { Message = "'clone' makes no time namespace: clone(2) reads CLONE_NEWTIME (0x80) as part of the exit signal, which becomes 145. Call unshare(CLONE_NEWTIME), write /proc/self/timens_offsets, then start the child." });

    [Silent(RuleIds.NewTimeInClone)]
    public Task Unshare_and_setns_know_it() => Verify.SilentAsync<NewTimeInCloneAnalyzer>("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            const int CLONE_NEWTIME = 0x80;

            void M(void* fn, void* top, int fd, int unknown, bool b)
            {
                unshare(CLONE_NEWTIME);
                setns(fd, CLONE_NEWTIME);
                clone(fn, top, unknown, null);
                clone(fn, top, SIGCHLD | (b ? CLONE_NEWTIME : 0), null);
                clone(fn, top, (CLONE_NEWTIME | SIGCHLD) & ~CLONE_NEWTIME, null);
                clone(fn, top, 64, null);
            }
        }
        """);
}
