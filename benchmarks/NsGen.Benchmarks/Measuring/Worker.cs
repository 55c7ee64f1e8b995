using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NsGen.Benchmarks;

/// <summary>
/// A process that launches on request and says how long each launch took. Every contender is one: none pays for its own start-up, none
/// lives on another's heap or with another's signal handlers (Process.Start installs one for SIGCHLD that NsGen's children would run into).
/// </summary>
internal sealed class Worker : IDisposable
{
    private readonly Process _process;

    /// <param name="program">The worker's program.</param>
    /// <param name="arguments">Its arguments.</param>
    public Worker(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        Description = $"{program} {string.Join(' ', start.ArgumentList)}";
    }

    /// <summary>The command line.</summary>
    public string Description { get; }

    /// <summary>One launch.</summary>
    /// <returns>Nanoseconds from the decision to launch to the end of the child.</returns>
    public long Launch(Request request)
    {
        long nanoseconds = 0;
        Stream input = _process.StandardInput.BaseStream;
        input.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Request>(in request)));
        input.Flush();
        Span<byte> answer = MemoryMarshal.AsBytes(new Span<long>(ref nanoseconds));
        if (_process.StandardOutput.BaseStream.ReadAtLeast(answer, answer.Length, throwOnEndOfStream: false) < answer.Length)
        {
            _process.WaitForExit();
            throw new InvalidOperationException($"{Description} ended with exit code {_process.ExitCode} instead of an answer.");
        }

        return nanoseconds >= 0
            ? nanoseconds
            : throw new InvalidOperationException($"{Description}: {Marshal.GetPInvokeErrorMessage((int)-nanoseconds)} for {request}.");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
