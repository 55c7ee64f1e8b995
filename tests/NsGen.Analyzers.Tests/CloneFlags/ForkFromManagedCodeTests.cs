using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.CloneFlags;

public sealed class ForkFromManagedCodeTests
{
    [Reports(RuleIds.ForkFromManagedCode)]
    public Task Fork_returns_into_managed_code() => Verify.ReportsAsync<ForkFromManagedCodeAnalyzer>(
        """
        using static Tmds.Linux.LibC;

        class C
        {
            static int Fork() => [|fork()|];

            void M()
            {
                if ([|vfork()|] == 0)
                {
                    _exit(0);
                }

                Fork();
            }
        }
        """,
        new() { Message = "'fork' starts a child that returns into managed code: the GC, the JIT and every other thread are missing there, so it hangs or crashes now and then. Use NsGen's [Isolated] or IsolatedProcess, which run native steps only and then exec." });

    [Reports(RuleIds.ForkFromManagedCode)]
    public Task Clone_with_a_managed_function() => Verify.ReportsAsync<ForkFromManagedCodeAnalyzer>("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            delegate int Child(void* arg);

            static readonly delegate* managed<void*, int> s_child = &Run;

            static int Run(void* arg) => 0;

            void M(byte* top, Child child)
            {
                clone([|(delegate* managed<void*, int>)&Run|], top, SIGCHLD, null);
                clone([|(void*)Marshal.GetFunctionPointerForDelegate(child)|], top, SIGCHLD, null);
                nint pointer = Marshal.GetFunctionPointerForDelegate(child);
                clone([|pointer.ToPointer()|], top, SIGCHLD, null);
                clone([|s_child|], top, SIGCHLD, null);
            }
        }
        """);

    [Reports(RuleIds.ForkFromManagedCode)]
    public Task Own_imports() => Verify.ReportsAsync<ForkFromManagedCodeAnalyzer>("""
        static class C
        {
            [DllImport("libc", EntryPoint = "fork")]
            static extern int Split();

            static int M() => [|Split()|];
        }
        """);

    [Silent(RuleIds.ForkFromManagedCode)]
    public Task Native_and_unknown_functions_are_silent() => Verify.SilentAsync<ForkFromManagedCodeAnalyzer>("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            [UnmanagedCallersOnly]
            static int Reported_by_NSG108(void* arg) => 0;

            static void fork()
            {
            }

            void M(nint library, byte* top, void* parameter)
            {
                clone((void*)NativeLibrary.GetExport(library, "child"), top, SIGCHLD, null);
                clone(parameter, top, SIGCHLD, null);
                clone((delegate* unmanaged<void*, int>)&Reported_by_NSG108, top, SIGCHLD, null);
                fork();
            }
        }
        """);
}
