using NsGen.Analyzers.SetnsUnshare;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.SetnsUnshare;

public sealed class AlwaysFailsInDotNetTests
{
    private static Task Reports(string markup, VerifyOptions? options = null) => Verify.ReportsAsync<AlwaysFailsInDotNetAnalyzer>(markup, options);

    private static Task Silent(string code, VerifyOptions? options = null) => Verify.SilentAsync<AlwaysFailsInDotNetAnalyzer>(code, options);

    [Reports(RuleIds.AlwaysFailsInDotNet)]
    public Task Unshare_of_a_user_namespace() => Reports(
        """
        using static Tmds.Linux.LibC;

        class C
        {
            void M(int extra)
            {
                unshare([|CLONE_NEWUSER|]);
                unshare([|CLONE_NEWUSER | CLONE_NEWPID | extra|]);
            }
        }
        """,
        new() { Message = "'unshare' with CLONE_NEWUSER always fails with EINVAL in a .NET process: the threads of a process cannot live in different user namespaces, and the runtime starts threads of its own before Main. Create the user namespace with a child: [Isolated(User)], or CLONE_NEWUSER in clone's flags." });

    [Reports(RuleIds.AlwaysFailsInDotNet)]
    public Task Setns_into_a_time_namespace() => Reports(
        """
        static partial class C
        {
            const int CLONE_NEWTIME = 0x80;

            [LibraryImport("libc", SetLastError = true)]
            private static partial int {|CS8795:setns|}(int fd, int nstype);

            static int M(int fd) => setns(fd, [|CLONE_NEWTIME|]);
        }
        """,
        new() { Message = "'setns' with CLONE_NEWTIME always fails with EUSERS in a .NET process: the kernel moves only a process with one thread into another time namespace, and the runtime starts threads of its own before Main. Enter it in a program with one thread, such as nsenter(1), and start .NET from there." });

    [Reports(RuleIds.AlwaysFailsInDotNet)]
    public Task Setns_into_a_user_namespace_told_by_flag_path_or_pidfd() => Reports("""
        static class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int open(string path, int flags);

            [DllImport("libc", SetLastError = true)]
            static extern int pidfd_open(int pid, uint flags);

            [DllImport("libc", SetLastError = true)]
            static extern int setns(int fd, int nstype);

            static void M(int fd, int pid)
            {
                setns(fd, [|0x10000000|]);
                setns(open($"/proc/{pid}/ns/user", 0), [|0|]);
                setns(pidfd_open(pid, 0), [|0x10000000 | 0x20000|]);
            }
        }
        """);

    [Reports(RuleIds.AlwaysFailsInDotNet)]
    public Task In_a_wrapper_itself_and_in_the_parent_of_a_child() => Reports("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            static void EnterUserNamespace()
            {
                if (unshare([|CLONE_NEWUSER|]) == -1)
                {
                    throw new Win32Exception();
                }
            }

            static void M(delegate*<void*, int> child, byte* top)
            {
                EnterUserNamespace();
                clone(child, top, CLONE_NEWPID | SIGCHLD, null);
            }

            static void T() => new Thread(() => unshare([|CLONE_NEWUSER|])).Start();
        }
        """);

    [Silent(RuleIds.AlwaysFailsInDotNet)]
    public Task What_works_in_a_thread_or_is_not_known_is_silent() => Silent("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            [DllImport("libc", EntryPoint = "open")]
            static extern int Open(string path, int flags);

            void M(int fd, int flags, bool user, void* fn, void* top)
            {
                unshare(CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWPID);
                unshare(0x80);
                unshare(flags);
                unshare(user ? CLONE_NEWUSER : CLONE_NEWNET);
                setns(fd, CLONE_NEWNET);
                setns(fd, 0);
                setns(fd, flags);
                setns(Open("/proc/1/ns/net", 0), CLONE_NEWUSER);
                clone(fn, top, CLONE_NEWUSER | SIGCHLD, null);
            }
        }
        """);

    [Silent(RuleIds.AlwaysFailsInDotNet)]
    public Task A_child_has_one_thread() => Silent("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            delegate int ChildFunction(void* arg);

            void Forked()
            {
                if ((int)fork() == 0)
                {
                    unshare(CLONE_NEWUSER);
                }
            }

            static void Enter()
            {
                Console.WriteLine();
                unshare(CLONE_NEWUSER);
            }

            static int Child(void* arg) => unshare(CLONE_NEWUSER);

            [UnmanagedCallersOnly]
            static int Native(void* arg)
            {
                Enter();
                return unshare(CLONE_NEWUSER);
            }

            void Cloned(byte* top)
            {
                delegate*<void*, int> child = &Child;
                clone(child, top, SIGCHLD, null);
                ChildFunction lambda = _ => unshare(CLONE_NEWUSER);
                clone((void*)Marshal.GetFunctionPointerForDelegate(lambda), top, SIGCHLD, null);
            }
        }
        """);

    [Silent(RuleIds.AlwaysFailsInDotNet)]
    public Task A_program_may_say_that_it_has_one_thread() => Silent(
        """
        using static Tmds.Linux.LibC;

        class C
        {
            int M(int fd) => unshare(CLONE_NEWUSER) + setns(fd, 0x80);
        }
        """,
        new() { EditorConfig = "[*.cs]\nnsgen.single_threaded = true\n" });
}
