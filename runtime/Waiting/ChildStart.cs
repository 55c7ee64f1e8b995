using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Waiting;

/// <summary>A child about to be started. Started once, from a thread that waits or from one that does not.</summary>
/// <param name="plan">What to do.</param>
/// <param name="options">For streams, handles and the timeout.</param>
/// <param name="cancellationToken">Checked before the launch, and passed on.</param>
/// <param name="more">Handles that follow the inherited ones.</param>
internal sealed class ChildStart(LaunchPlan plan, IsolationOptions options, CancellationToken cancellationToken, params SafeHandle[] more)
{
    /// <summary>Runs on the reactor when the child has ended, before anyone hears of it.</summary>
    public Action<ChildProcess, ExitStatus>? OnExit { get; init; }

    public static ChildStart Program(string path, IEnumerable<string> arguments, IsolationOptions options, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(arguments);
        (string fileName, IReadOnlyList<string> candidates) = options.RootDirectory is { Length: > 0 } root
            ? ProgramPath.ResolveInRoot(path, options.Variable, root)
            : (ProgramPath.Resolve(path, options.Variable), []);
        LaunchPlan plan = LaunchPlan.Create(
            options, fileName, [path, .. arguments], options.EnvironmentBlock, LibC.GetEffectiveUserId(), LibC.GetEffectiveGroupId()) with
        {
            Candidates = candidates,
        };
        return new ChildStart(plan, options, cancellationToken);
    }

    /// <summary>
    /// Starts and waits. It blocks on the launch itself and needs no pool thread to go on: where all of them start children, none would be
    /// left.
    /// </summary>
    public StartedChild Start() => Start(descriptors => Launcher.Launch(plan, descriptors));

    /// <summary>Starts from the calling thread, with whose end the child is killed.</summary>
    public StartedChild StartHere() => Start(descriptors => Launcher.LaunchHere(plan, descriptors));

    public async Task<StartedChild> StartAsync()
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var descriptors = new ChildDescriptors(options, more);
        try
        {
            return Watch(await Launcher.LaunchAsync(plan, descriptors).ConfigureAwait(false), descriptors);
        }
        catch
        {
            descriptors.CloseParentEnds();
            throw;
        }
    }

    private StartedChild Start(Func<ChildDescriptors, (int ProcessId, SafeFileHandle PidFd)> launch)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var descriptors = new ChildDescriptors(options, more);
        try
        {
            return Watch(launch(descriptors), descriptors);
        }
        catch
        {
            descriptors.CloseParentEnds();
            throw;
        }
    }

    private StartedChild Watch((int ProcessId, SafeFileHandle PidFd) launched, ChildDescriptors descriptors)
    {
        var child = ChildProcess.Watch(launched.ProcessId, launched.PidFd, OnExit);
        if (options.Timeout is { } timeout && timeout > TimeSpan.Zero)
        {
            try
            {
                child.KillAfter(timeout);
            }
            catch
            {
                child.Kill(LibC.SIGKILL); // the caller gets an exception and no child
                throw;
            }
        }

        return new StartedChild(child, descriptors.StandardInput, descriptors.StandardOutput, descriptors.StandardError, cancellationToken);
    }
}
