using NsGen.Analyzers.CloneFlags;
using NsGen.Analyzers.Tests.Harness;

namespace NsGen.Analyzers.Tests.CloneFlags;

public sealed class ManagedStackTests
{
    [Reports(RuleIds.ManagedStack)]
    public Task Arrays_spans_pools_and_stackalloc() => Verify.ReportsAsync<ManagedStackAnalyzer>("""
        using System.Buffers;
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            byte[] _stack = new byte[65536];

            void M(void* fn)
            {
                byte* local = stackalloc byte[65536];
                clone(fn, [|local + 65536|], SIGCHLD, null);

                fixed (byte* p = new byte[65536])
                {
                    clone(fn, [|p + 65536|], SIGCHLD, null);
                }

                fixed (byte* p = &_stack[0])
                {
                    byte* top = p + _stack.Length;
                    clone(fn, [|top|], SIGCHLD, null);
                }

                byte[] rented = ArrayPool<byte>.Shared.Rent(65536);
                fixed (byte* p = rented.AsSpan())
                {
                    clone(fn, [|p + 65536|], SIGCHLD, null);
                }

                Span<byte> span = stackalloc byte[65536];
                fixed (byte* p = span)
                {
                    clone(fn, [|p + 65536|], SIGCHLD, null);
                }

                GCHandle handle = GCHandle.Alloc(_stack, GCHandleType.Pinned);
                clone(fn, [|(byte*)handle.AddrOfPinnedObject() + 65536|], SIGCHLD, null);
                clone(fn, [|(byte*)Unsafe.AsPointer(ref _stack[0]) + 65536|], SIGCHLD, null);

                using IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(65536);
                using MemoryHandle pin = owner.Memory.Pin();
                clone(fn, [|(byte*)pin.Pointer + 65536|], SIGCHLD, null);

                decimal value = 0;
                clone(fn, [|&value + 1|], SIGCHLD, null);
            }
        }
        """);

    [Reports(RuleIds.ManagedStack)]
    public Task The_message_names_the_memory() => Verify.ReportsAsync<ManagedStackAnalyzer>(
        """
        static unsafe class C
        {
            [DllImport("libc")]
            static extern int clone(nint fn, nint stack, int flags, nint arg);

            static void M(nint fn)
            {
                byte* stack = stackalloc byte[65536];
                clone(fn, [|(nint)stack + 65536|], 17, 0);
            }
        }
        """,
        new() { Message = "'clone' is given stackalloc as the child's stack: it is reused when the method returns, while the child may still run on it, and no guard page ends it. Map it with mmap(MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK) and a PROT_NONE page at its low end." });

    [Silent(RuleIds.ManagedStack)]
    public Task Native_and_unknown_memory_is_silent() => Verify.SilentAsync<ManagedStackAnalyzer>("""
        using static Tmds.Linux.LibC;

        unsafe class C
        {
            void M(void* fn, Span<byte> unknown, Memory<byte> memory, byte* parameter)
            {
                byte* stack = (byte*)mmap(null, 65536, PROT_READ, MAP_PRIVATE, -1, 0);
                clone(fn, stack + 65536, SIGCHLD, null);
                clone(fn, parameter, SIGCHLD, null);

                Span<byte> native = new Span<byte>(stack, 65536);
                fixed (byte* p = native)
                {
                    clone(fn, p + 65536, SIGCHLD, null);
                }

                fixed (byte* p = unknown)
                {
                    clone(fn, p + 65536, SIGCHLD, null);
                }

                using System.Buffers.MemoryHandle handle = memory.Pin();
                clone(fn, handle.Pointer, SIGCHLD, null);

                byte* argument = stackalloc byte[16];
                clone(fn, stack + 65536, SIGCHLD, argument);
            }
        }
        """);
}
