using System.Runtime.InteropServices;
using NsGen.Handles;
using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Threads;

/// <summary>Thread mode: a throwaway thread leaves its namespaces, runs the body, is checked for what it left behind, and ends.</summary>
internal static unsafe class ThreadIsolation
{
    /// <summary>What the kernel moves a single thread into; User and Time need a process of one thread, Pid reaches children only.</summary>
    public const Namespaces Possible = Namespaces.Uts | Namespaces.Ipc | Namespaces.Net | Namespaces.Mount | Namespaces.Cgroup;

    /// <summary>Runs <paramref name="body"/> and waits for it.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or means nothing on a thread.</exception>
    public static T Run<T>(IsolationOptions options, Func<T> body)
    {
        try
        {
            return Handover.Wait(IsolatedThreads.Run, Prepare(options, body));
        }
        finally
        {
            IsolatedThreads.Refill();
        }
    }

    /// <summary>Runs <paramref name="body"/>; the task ends with its result, or with what it threw.</summary>
    /// <inheritdoc cref="Run"/>
    public static Task<T> RunAsync<T>(IsolationOptions options, Func<T> body)
    {
        Task<T> result = Handover.Await(IsolatedThreads.Run, Prepare(options, body));
        IsolatedThreads.Refill();
        return result;
    }

    /// <returns>What the thread does.</returns>
    private static Func<T> Prepare<T>(IsolationOptions options, Func<T> body)
    {
        EnteredNamespace.ThrowIfInside();
        LaunchPlan plan = Plan(options);
        RuntimeThreads.EnsureStarted();
        if (ExecutionContext.Capture() is not { } context)
        {
            return () => RunHere(plan, body);
        }

        return () =>
        {
            T result = default!;
            ExecutionContext.Run(context, _ => result = RunHere(plan, body), null);
            return result;
        };
    }

    private static T RunHere<T>(LaunchPlan plan, Func<T> body)
    {
        int self = LibC.GetThreadId();
        IsolatedThreads.Running.TryAdd(self, true);
        try
        {
            Enter(plan);
            var check = new LeakCheck(self, plan);
            T result;
            try
            {
                result = body();
            }
            catch (Exception e)
            {
                check.ThrowIfAny(e);
                throw;
            }

            check.ThrowIfAny(bodyFailure: null);
            return result;
        }
        finally
        {
            IsolatedThreads.Running.TryRemove(self, out _);
        }
    }

    private static void Enter(LaunchPlan plan)
    {
        using var script = new ChildScript();
        if (plan.Join.HasFlag(Namespaces.Mount))
        {
            // setns(2): EINVAL while the thread shares its root and working directory with others.
            script.Add(LaunchStep.Join, "unshare(CLONE_FS)", SyscallNumbers.Unshare, (nint)CloneFlagRules.Fs);
        }

        ChildScriptBuilder.AddForThread(script, plan);
        nint socket = -1;
        for (ChildStep* step = script.State->Current; step != script.State->End; step++)
        {
            nint result = LibC.Syscall(step->Number, step->A0, step->A1, step->A2, step->A3, step->A4, step->A5);
            int errno = Marshal.GetLastPInvokeError();
            if ((nuint)result > step->Limit)
            {
                Close(socket);
                (LaunchStep kind, string name) = script.Describe(step);
                throw new LaunchException(name, errno, LaunchHints.For(kind, errno, plan));
            }

            *step->ResultTo = result;
            if (step->Number == SyscallNumbers.Socket)
            {
                socket = result; // a child leaves it to execve
            }
        }

        Close(socket);
    }

    private static void Close(nint descriptor)
    {
        if (descriptor >= 0)
        {
            _ = LibC.Close((int)descriptor);
        }
    }

    private static LaunchPlan Plan(IsolationOptions options)
    {
        Namespaces impossible = ((options.Namespaces ?? 0) | options.Joined) & ~Possible;
        if (impossible != 0)
        {
            throw new ArgumentException(
                $"The kernel gives {impossible} to a new process only, not to a thread of a running one. Use IsolationMode.Process.", nameof(options));
        }

        (string Name, bool IsSet)[] processOnly =
        [
            (nameof(options.Timeout), options.Timeout > TimeSpan.Zero),
            (nameof(options.UserId), options.UserId is not null),
            (nameof(options.GroupId), options.GroupId is not null),
            (nameof(options.NewSession), options.NewSession == true),
            (nameof(options.NoNewPrivileges), options.NoNewPrivileges == true),
            (nameof(options.WorkingDirectory), options.WorkingDirectory is not null),
            (nameof(options.StandardInput), options.StandardInput is not null),
            (nameof(options.StandardOutput), options.StandardOutput is not null),
            (nameof(options.StandardError), options.StandardError is not null),
            (nameof(options.InheritedHandles), options.InheritedHandles.Count > 0),
            (nameof(options.UserIfNeeded), options.UserIfNeeded == true),
            (nameof(options.Init), options.Init == true),
            (nameof(options.RootDirectory), options.RootDirectory is not null),
            (nameof(options.ReadOnlyRoot), options.ReadOnlyRoot == true),
            (nameof(options.Mounts), options.Mounts is { Count: > 0 }),
            (nameof(options.ResourceLimits), options.ResourceLimits is { Count: > 0 }),
            (nameof(options.Capabilities), options.Capabilities is not null),
            (nameof(options.CgroupPath), options.CgroupPath is not null),
            (nameof(options.StackSize), options.StackSize is not (null or 0)),
        ];
        foreach ((string name, bool isSet) in processOnly)
        {
            if (isSet)
            {
                throw new ArgumentException($"{name} is for a child process and means nothing on a thread. Leave it out, or use IsolationMode.Process.", nameof(options));
            }
        }

        return LaunchPlan.Create(options, SelfProgram, [], EnvironmentBlock.Empty, LibC.GetEffectiveUserId(), LibC.GetEffectiveGroupId())
            with
        { IsThread = true };
    }

    /// <summary>Nothing is executed; a plan has to name a file.</summary>
    private const string SelfProgram = "/proc/self/exe";
}
