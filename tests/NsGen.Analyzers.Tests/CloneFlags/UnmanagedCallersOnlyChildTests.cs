using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.CloneFlags;

public sealed class UnmanagedCallersOnlyChildTests
{
    [Reports(RuleIds.UnmanagedCallersOnlyChild)]
    public Task Directly_and_through_locals_and_fields() => Verify.ReportsAsync<UnmanagedCallersOnlyChildAnalyzer>(
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            static readonly delegate* unmanaged[Cdecl]<void*, int> s_child = &Child;

            [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
            static int Child(void* arg) => 0;

            void M(byte* top)
            {
                clone([|(delegate* unmanaged[Cdecl]<void*, int>)&Child|], top, SIGCHLD, null);
                delegate* unmanaged[Cdecl]<void*, int> child = &Child;
                void* fn = child;
                clone([|fn|], top, CLONE_VM | CLONE_VFORK | SIGCHLD, null);
                clone([|s_child|], top, SIGCHLD, null);
            }
        }
        """,
        new() { Message = "'clone' runs 'Child' in the child: entering an [UnmanagedCallersOnly] method ties the parent's thread to the child's stack, and the process crashes or hangs when a GC walks it. Use NsGen's [Isolated] or IsolatedProcess." });

    [Reports(RuleIds.UnmanagedCallersOnlyChild)]
    public Task Own_imports_with_typed_function_pointers() => Verify.ReportsAsync<UnmanagedCallersOnlyChildAnalyzer>("""
        static unsafe class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int clone(delegate* unmanaged<nint, int> fn, byte* stack, int flags, nint arg);

            [UnmanagedCallersOnly]
            static int Child(nint arg) => 0;

            static int M(byte* top) => clone([|&Child|], top, 17, 0);
        }
        """);

    [Silent(RuleIds.UnmanagedCallersOnlyChild)]
    public Task Other_functions_and_other_uses_are_silent() => Verify.SilentAsync<UnmanagedCallersOnlyChildAnalyzer>("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            [DllImport("libc")]
            static extern int pthread_create(nint* thread, void* attributes, delegate* unmanaged<void*, void*> start, void* arg);

            [UnmanagedCallersOnly]
            static void* Start(void* arg) => null;

            static int Managed(void* arg) => 0;

            void M(byte* top, void* native, delegate* unmanaged<void*, int> unknown)
            {
                nint thread;
                pthread_create(&thread, null, &Start, null);
                clone(native, top, SIGCHLD, null);
                clone(unknown, top, SIGCHLD, null);
                clone((delegate* managed<void*, int>)&Managed, top, SIGCHLD, null);
            }
        }
        """);
}
