using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.CompilerServices;
using NsGen.Confinement;
using NsGen.Launch;
using NsGen.Native;
using NsGen.Waiting;

namespace NsGen.Calls;

/// <summary>Is told what a child sends and that it has ended. On the reactor.</summary>
internal interface IChildListener
{
    void OnFrame(CallFrame kind, byte[] content);

    /// <summary>After the last frame.</summary>
    void OnExit(ChildProcess child, ExitStatus status);
}

/// <summary>This program, started again as a child that runs a body, and the channel to it.</summary>
#pragma warning disable CA1001 // The child's end disposes of the channel, and it always comes (OnExit).
internal sealed class ChildConnection
#pragma warning restore CA1001
{
    private readonly CallChannel _channel;
    private volatile IChildListener _listener;
    private DiagnosticFiles? _diagnosticFiles;

    private ChildConnection(SafeFileHandle socket, IChildListener listener)
    {
        _listener = listener;
        _channel = new CallChannel(socket, (kind, content) => _listener.OnFrame(kind, content));
    }

    public StartedChild Started { get; private set; } = null!;

    /// <summary>Starts the child and waits for its execve.</summary>
    /// <param name="method">The body.</param>
    /// <param name="options">The caller's options over the attribute's.</param>
    /// <param name="arguments">The arguments; null for a warm child, to which they are sent later.</param>
    /// <param name="listener">Who listens at first.</param>
    /// <param name="cancellationToken">Checked before the launch, and passed on.</param>
    public static ChildConnection Start(
        IsolatedMethod method, IsolationOptions options, PayloadWriter? arguments, IChildListener listener, CancellationToken cancellationToken)
    {
        using Preparation prepared = Prepare(method, options, arguments, listener, cancellationToken);
        try
        {
            return prepared.Begin(prepared.Child.Start());
        }
        catch
        {
            prepared.Connection._channel.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="Start"/>
    public static async Task<ChildConnection> StartAsync(
        IsolatedMethod method, IsolationOptions options, PayloadWriter? arguments, IChildListener listener, CancellationToken cancellationToken)
    {
        using Preparation prepared = Prepare(method, options, arguments, listener, cancellationToken);
        try
        {
            return prepared.Begin(await prepared.Child.StartAsync().ConfigureAwait(false));
        }
        catch
        {
            prepared.Connection._channel.Dispose();
            throw;
        }
    }

    /// <summary>Who listens from now on.</summary>
    public void Attach(IChildListener listener) => _listener = listener;

    /// <inheritdoc cref="CallChannel.Send"/>
    public bool Send(CallFrame kind, ReadOnlySpan<byte> content = default, IReadOnlyList<SafeHandle>? handles = null)
        => _channel.Send(kind, content, handles ?? []);

    /// <inheritdoc cref="CallChannel.Pause"/>
    public void Pause() => _channel.Pause();

    /// <inheritdoc cref="CallChannel.Resume"/>
    public void Resume() => _channel.Resume();

    /// <inheritdoc cref="CallChannel.ReadUntil"/>
    public void ReadUntil(Task answer) => _channel.ReadUntil(answer);

    private static Preparation Prepare(
        IsolatedMethod method, IsolationOptions options, PayloadWriter? arguments, IChildListener listener, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string?>(options.EnvironmentOrCurrent, StringComparer.Ordinal);
        var request = new CallRequest(
            method.Assembly,
            method.Location,
            method.Id,
            method.AcceptsCancellation,
            IsWarm: arguments is null,
            arguments?.Handles.Count ?? 0,
            environment.GetValueOrDefault(CallVariables.StartupHooks),
            environment.GetValueOrDefault(CallVariables.EnableDiagnostics),
            arguments?.Written ?? default);
        int first = 3 + options.InheritedHandles.Count;
        environment[CallVariables.Call] = FormattableString.Invariant($"{first} {first + 1}");
        environment[CallVariables.StartupHooks] = CallVariables.AppendHook(request.StartupHooks);
        if (options.Diagnostics != true)
        {
            environment.TryAdd(CallVariables.EnableDiagnostics, "0");
        }

        LaunchPlan plan = LaunchPlan.Create(
            options, SelfProgram.FileName, SelfProgram.Arguments, EnvironmentBlock.Of(environment), LibC.GetEffectiveUserId(), LibC.GetEffectiveGroupId());
        ManagedRoot.Check(plan);
        if (plan.Init)
        {
            throw new ArgumentException("Init is for programs (Exec): a managed body that is PID 1 reaps orphans by itself. Leave it out.", nameof(options));
        }

        SafeFileHandle file = request.ToMemoryFile();
        try
        {
            (SafeFileHandle parentEnd, SafeFileHandle childEnd) = FileDescriptor.SocketPair();
            var connection = new ChildConnection(parentEnd, listener);
            SafeHandle[] handles = [file, childEnd, .. arguments?.Handles ?? []];
            var child = new ChildStart(plan, options, cancellationToken, handles) { OnExit = connection.OnExit };
            Func<int, DiagnosticFiles?>? files = environment.GetValueOrDefault(CallVariables.EnableDiagnostics) == "0"
                ? null
                : id => DiagnosticFiles.Of(id, plan.BoottimeOffsetSeconds, environment.GetValueOrDefault("TMPDIR"));
            return new Preparation(connection, child, file, childEnd, files);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void OnExit(ChildProcess child, ExitStatus status)
    {
        // All the child has sent is in the socket now.
        _channel.ReadAvailable(evenPaused: true);
        _channel.Dispose();
        _diagnosticFiles?.Delete();
        _listener.OnExit(child, status);
    }

    /// <summary>A connection about to be made; the parent's copies of what the child inherits are closed when it has been born.</summary>
    /// <param name="Connection">The connection.</param>
    /// <param name="Child">The child.</param>
    /// <param name="Request">What it is told.</param>
    /// <param name="ChildEnd">Its end of the channel.</param>
    /// <param name="Files">Finds its files, where it has diagnostics.</param>
    private sealed record Preparation(
        ChildConnection Connection, ChildStart Child, SafeFileHandle Request, SafeFileHandle ChildEnd, Func<int, DiagnosticFiles?>? Files) : IDisposable
    {
        /// <summary>The child has been born.</summary>
        public ChildConnection Begin(StartedChild started)
        {
            Connection.Started = started;
            if (Files?.Invoke(started.Child.ProcessId) is { } files)
            {
                Connection._diagnosticFiles = files;
                if (started.Child.IsReaped)
                {
                    files.Delete(); // it has ended meanwhile, and nobody else would
                }
            }

            return Connection;
        }

        public void Dispose()
        {
            Request.Dispose();
            ChildEnd.Dispose();
        }
    }
}
