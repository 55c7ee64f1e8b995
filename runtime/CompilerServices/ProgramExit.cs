using System.ComponentModel;

namespace NsGen.CompilerServices;

/// <summary>What a generated launcher makes of a program's end. Not for use in your own code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ProgramExit
{
    /// <summary>For a launcher without a result, which has no other way to say that the program failed.</summary>
    /// <param name="path">The program.</param>
    /// <param name="status">How it ended.</param>
    /// <exception cref="IsolatedExitException">Not with exit code 0.</exception>
    public static void ThrowIfFailed(string path, ExitStatus status)
    {
        if (!status.IsSuccess)
        {
            throw new IsolatedExitException(
                $"{path} ended with {status}. Let the isolated method return int or ExitStatus to look at that yourself.", status);
        }
    }
}
