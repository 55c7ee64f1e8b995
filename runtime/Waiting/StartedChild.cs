using Microsoft.Win32.SafeHandles;
using NsGen.Launch;
using NsGen.Native;

namespace NsGen.Waiting;

/// <summary>A child that has executed its program, with the parent's ends of its streams: what the ways to start one have in common.</summary>
internal sealed record StartedChild(
    ChildProcess Child,
    SafeFileHandle? StandardInput,
    SafeFileHandle? StandardOutput,
    SafeFileHandle? StandardError,
    CancellationToken CancellationToken)
{
    /// <summary>What cancellation does; kills the child where it is null.</summary>
    public Action? AskToStop { get; init; }

    /// <summary>What a managed body threw, once the child has ended.</summary>
    public Func<Exception?>? BodyFailure { get; init; }

    public void Cancel()
    {
        if (AskToStop is null)
        {
            Child.Kill(LibC.SIGKILL);
        }
        else
        {
            AskToStop();
        }
    }
}
