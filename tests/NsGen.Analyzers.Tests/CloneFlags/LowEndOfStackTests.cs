using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.Tests.Harness;
using NsGen.CodeFixes.CloneFlags;

namespace NsGen.Analyzers.Tests.CloneFlags;

public sealed class LowEndOfStackTests
{
    private static Task Reports(string markup, VerifyOptions? options = null) => Verify.ReportsAsync<LowEndOfStackAnalyzer>(markup, options);

    private static Task Silent(string code) => Verify.SilentAsync<LowEndOfStackAnalyzer>(code);

    private static Task Fixes(string markup, string code) => Verify.FixesAsync<LowEndOfStackAnalyzer, LowEndOfStackFix>(markup, code);

    private static Task NoFix(string markup) => Verify.NoFixAsync<LowEndOfStackAnalyzer, LowEndOfStackFix>(markup);

    [Reports(RuleIds.LowEndOfStack)]
    public Task Mapped_memory_needs_its_size_added() => Fixes(
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            const int StackSize = 64 * 1024;

            int M(void* fn)
            {
                void* stack = mmap(null, StackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
                byte* bytes = (byte*)mmap(null, 2 * StackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                return clone(fn, [|stack|], SIGCHLD, null) + clone(fn, [|bytes|], SIGCHLD, null);
            }
        }
        """,
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            const int StackSize = 64 * 1024;

            int M(void* fn)
            {
                void* stack = mmap(null, StackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
                byte* bytes = (byte*)mmap(null, 2 * StackSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                return clone(fn, (byte*)stack + StackSize, SIGCHLD, null) + clone(fn, bytes + (2 * StackSize), SIGCHLD, null);
            }
        }
        """);

    [Reports(RuleIds.LowEndOfStack)]
    public Task Memory_from_dotnet_and_integers_as_pointers() => Fixes(
        """
        static unsafe class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int clone(nint fn, nint stack, int flags, nint arg);

            static void M(nint fn, int size)
            {
                nint a = Marshal.AllocHGlobal(size);
                clone(fn, [|a|], 17, 0);
                clone(fn, [|(nint)NativeMemory.Alloc(65536)|], 17, 0);
                nuint length = 65536;
                void* b = NativeMemory.AlignedAlloc(length, 16);
                clone(fn, [|(nint)b|], 17, 0);
            }
        }
        """,
        """
        static unsafe class C
        {
            [DllImport("libc", SetLastError = true)]
            static extern int clone(nint fn, nint stack, int flags, nint arg);

            static void M(nint fn, int size)
            {
                nint a = Marshal.AllocHGlobal(size);
                clone(fn, a + size, 17, 0);
                clone(fn, (nint)NativeMemory.Alloc(65536) + 65536, 17, 0);
                nuint length = 65536;
                void* b = NativeMemory.AlignedAlloc(length, 16);
                clone(fn, (nint)b + (nint)length, 17, 0);
            }
        }
        """);

    [Reports(RuleIds.LowEndOfStack)]
    public Task A_null_stack_is_refused() => NoFix("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void M(void* fn)
            {
                clone(fn, [|null|], SIGCHLD, null);
                void* none = default;
                clone(fn, [|none|], SIGCHLD, null);
                clone(fn, [|(void*)IntPtr.Zero|], SIGCHLD, null);
            }
        }
        """);

    [Reports(RuleIds.LowEndOfStack)]
    public Task A_size_that_may_have_changed_is_not_offered() => NoFix("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            int Size() => 65536;

            void M(void* fn, int size)
            {
                void* a = mmap(null, Size(), PROT_READ, MAP_PRIVATE, -1, 0);
                clone(fn, [|a|], SIGCHLD, null);
                void* b = mmap(null, size, PROT_READ, MAP_PRIVATE, -1, 0);
                size++;
                clone(fn, [|b|], SIGCHLD, null);
            }
        }
        """);

    [Reports(RuleIds.LowEndOfStack)]
    public Task The_message_says_what_happens() => Reports(
        """
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            int M(void* fn) => clone(fn, [|mmap(null, 4096, PROT_READ, MAP_PRIVATE, -1, 0)|], SIGCHLD, null);
        }
        """,
        new() { Message = "'clone' is given the lowest address of the memory from mmap as the child's stack: the stack grows down, so the child's first push faults or overwrites what lies below. Add the size." });

    [Silent(RuleIds.LowEndOfStack)]
    public Task The_top_and_unknown_pointers_are_silent() => Silent("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void* _field;

            void M(void* fn, void* parameter, int size)
            {
                byte* stack = (byte*)mmap(null, size, PROT_READ, MAP_PRIVATE, -1, 0);
                clone(fn, stack + size, SIGCHLD, null);
                byte* top = stack + size - 16;
                clone(fn, top, SIGCHLD, null);
                clone(fn, &stack[size], SIGCHLD, null);
                clone(fn, parameter, SIGCHLD, null);
                clone(fn, _field, SIGCHLD, null);

                byte* moved = (byte*)mmap(null, size, PROT_READ, MAP_PRIVATE, -1, 0);
                moved += size;
                clone(fn, moved, SIGCHLD, null);
            }
        }
        """);
}
