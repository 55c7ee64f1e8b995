using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Waiting;

/// <summary>
/// One thread that waits with epoll(7) for everything the runtime waits for: ends of children, results, deadlines. However many children
/// there are, no pool thread is parked for them. All callbacks run on this thread, one after the other, so they need no locks among
/// themselves; they must not block and must not run the user's code.
/// </summary>
internal sealed unsafe class Reactor
{
    private const int EpollAdd = 1;
    private const int EpollDelete = 2;
    private const int EpollModify = 3;
    private const uint EpollIn = 1;
    private const int MaxEvents = 32;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int s_eventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private static readonly object s_starting = new();
    private static Reactor? s_instance;

    private readonly SafeFileHandle _epoll = FileDescriptor.Owned(FileDescriptor.Check(LibC.EpollCreate(LibC.O_CLOEXEC), "create an epoll"));
    private readonly Dictionary<long, (int Fd, Action Ready)> _watched = [];
    private long _lastToken;

    private Reactor() => BackgroundThread.Start(Loop, "NsGen reactor");

    /// <summary>The one reactor, started when first needed. Where that fails (EMFILE, EAGAIN) the next caller tries again.</summary>
    public static Reactor Instance => Volatile.Read(ref s_instance) ?? Start();

    /// <summary>Calls <paramref name="ready"/> whenever the descriptor is readable or at its end, until it is removed.</summary>
    /// <returns>A token for <see cref="Remove"/>; numbers of descriptors are used again, tokens are not.</returns>
    public long Add(SafeFileHandle handle, Action ready)
    {
        lock (_watched)
        {
            long token = ++_lastToken;
            _watched.Add(token, (handle.Number(), ready));
            if (Control(EpollAdd, handle.Number(), token, EpollIn) != 0)
            {
                _watched.Remove(token);
                FileDescriptor.Check(-1, "watch a descriptor");
            }

            return token;
        }
    }

    /// <summary>Stops watching. To be called before the descriptor is closed.</summary>
    public void Remove(long token)
    {
        lock (_watched)
        {
            if (_watched.Remove(token, out (int Fd, Action Ready) entry))
            {
                _ = Control(EpollDelete, entry.Fd, token, 0);
            }
        }
    }

    /// <summary>
    /// Stops watching for a while, or goes on. Unlike removing and adding, it needs nothing that the kernel could be short of.
    /// </summary>
    public void Pause(long token, bool paused)
    {
        lock (_watched)
        {
            if (_watched.TryGetValue(token, out (int Fd, Action Ready) entry))
            {
                _ = Control(EpollModify, entry.Fd, token, paused ? 0 : EpollIn);
            }
        }
    }

    private static Reactor Start()
    {
        lock (s_starting)
        {
            return s_instance ??= new Reactor();
        }
    }

    private int Control(int operation, int fd, long token, uint events)
    {
        byte* change = stackalloc byte[16];
        *(uint*)change = events;
        *(long*)(change + s_eventSize - sizeof(long)) = token;
        return LibC.EpollControl(_epoll.Number(), operation, fd, change);
    }

    private void Loop()
    {
        byte* events = stackalloc byte[MaxEvents * 16];
        while (true)
        {
            int count = LibC.EpollWait(_epoll.Number(), events, MaxEvents, -1);
            for (int i = 0; i < count; i++)
            {
                long token = *(long*)(events + ((i + 1) * s_eventSize) - sizeof(long));
                (int Fd, Action Ready) entry;
                lock (_watched)
                {
                    if (!_watched.TryGetValue(token, out entry))
                    {
                        continue; // removed by an earlier event of the same batch
                    }
                }

                entry.Ready();
            }
        }
    }
}
