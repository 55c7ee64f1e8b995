using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using NsGen.CompilerServices;
using NsGen.Native;

namespace NsGen.Calls;

/// <summary>
/// The child's side of a managed call. The runtime is led here before Main, by the start-up hook where there is one, else by the module
/// initializer; it runs the body and ends the process.
/// </summary>
internal static class ChildMain
{
    private const int ExitCodeOfException = 1;

    private static readonly Dictionary<string, Func<string, Action<ChildCall>?>> s_bodies = new(StringComparer.Ordinal);

    private static readonly object s_sending = new();

    /// <summary>From an assembly's module initializer.</summary>
    public static void Register(string assembly, Func<string, Action<ChildCall>?> find)
    {
        lock (s_bodies)
        {
            s_bodies[assembly] = find;
        }

        if (Environment.GetEnvironmentVariable(CallVariables.Call) is null || StartupHooksRun())
        {
            return; // an ordinary process, or a child in which the hook runs the body when this has returned
        }

        OpenedCall call = Open();
        CallRequest request = call.Request;
        if (request.Assembly != assembly)
        {
            throw new InvalidOperationException(
                $"The call is for {request.Assembly}, but {assembly} was initialized first: reference NsGen from one assembly of a native program.");
        }

        // A module initializer holds its module's lock: under a JIT, a body that waits for another thread would wait for ever.
        RunAndExit(
            call,
            RuntimeFeature.IsDynamicCodeSupported
                ? _ => throw new NotSupportedException(
                    "Start-up hooks are disabled in this program, as trimming does by default: set <StartupHookSupport>true</StartupHookSupport> in its project.")
                : find(request.MethodId));
    }

    /// <summary>From the start-up hook.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Start-up hooks run only where nothing is trimmed; the assembly is the one the parent runs.")]
    public static void RunFromStartupHook()
    {
        if (Environment.GetEnvironmentVariable(CallVariables.Call) is null)
        {
            return;
        }

        OpenedCall call = Open();
        CallRequest request = call.Request;
        Action<ChildCall>? body = null;
        try
        {
            Assembly assembly = Load(request);
            RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
            lock (s_bodies)
            {
                body = s_bodies.GetValueOrDefault(request.Assembly)?.Invoke(request.MethodId);
            }
        }
#pragma warning disable CA1031 // It travels to the parent.
        catch (Exception e)
#pragma warning restore CA1031
        {
            body = _ => throw new InvalidOperationException($"The child could not load {request.Assembly}: {e.Message}", e);
        }

        RunAndExit(call, body);
    }

    [RequiresUnreferencedCode("Loads the assembly the parent names.")]
    private static Assembly Load(CallRequest request)
    {
        try
        {
            return Assembly.Load(new AssemblyName(request.Assembly));
        }
        catch (FileNotFoundException) when (request.Location.Length > 0)
        {
            // A plug-in, which the host's dependency file does not list.
            return Assembly.LoadFrom(request.Location);
        }
    }

    /// <summary>Takes the call from the environment and puts the environment back to what the parent had.</summary>
    private static OpenedCall Open()
    {
        // No LINQ: its assembly would have to be loaded and its methods compiled, in every call.
        string[] numbers = Environment.GetEnvironmentVariable(CallVariables.Call)!.Split(' ');
        using SafeFileHandle file = Inherited(int.Parse(numbers[0], CultureInfo.InvariantCulture));
        int channelNumber = int.Parse(numbers[1], CultureInfo.InvariantCulture);
        SafeFileHandle channel = Inherited(channelNumber);
        CallRequest request = CallRequest.FromMemoryFile(file);
        int[] descriptors = new int[request.HandleCount];
        for (int i = 0; i < descriptors.Length; i++)
        {
            descriptors[i] = channelNumber + 1 + i;
            SetCloseOnExec(descriptors[i]);
        }

        Restore(CallVariables.Call, null);
        Restore(CallVariables.StartupHooks, request.StartupHooks);
        Restore(CallVariables.EnableDiagnostics, request.EnableDiagnostics);
        return new OpenedCall(request, channel, descriptors);
    }

    private static SafeFileHandle Inherited(int fd)
    {
        SetCloseOnExec(fd);
        return FileDescriptor.Owned(fd);
    }

    /// <summary>The body's own children have no business with it.</summary>
    private static void SetCloseOnExec(int fd) => _ = LibC.Fcntl(fd, LibC.F_SETFD, LibC.FD_CLOEXEC);

    /// <summary>Both for managed code, which has its own copy of the environment, and for native code, which reads the C library's.</summary>
    private static void Restore(string name, string? value)
    {
        Environment.SetEnvironmentVariable(name, value);
        _ = value is null ? LibC.UnsetEnv(name) : LibC.SetEnv(name, value, overwrite: 1);
    }

    private static bool StartupHooksRun()
        => RuntimeFeature.IsDynamicCodeSupported
            && !(AppContext.TryGetSwitch("System.StartupHookProvider.IsSupported", out bool supported) && !supported);

    [DoesNotReturn]
    private static void RunAndExit(OpenedCall opened, Action<ChildCall>? body)
    {
        if (Environment.ProcessId == 1)
        {
            OrphanReaper.RunBeside(() => RunHereAndExit(opened, body));
        }

        RunHereAndExit(opened, body);
    }

    [DoesNotReturn]
    private static void RunHereAndExit(OpenedCall opened, Action<ChildCall>? body)
    {
        if (opened.Request.IsWarm && body is not null)
        {
            Rehearse(opened, body);
            Send(opened.Channel, CallFrame.Ready, new PayloadWriter());
        }

        Environment.Exit(Serve(opened, body, isRehearsal: false));
    }

    /// <summary>Runs the body and answers.</summary>
    /// <returns>The exit code.</returns>
    private static int Serve(OpenedCall opened, Action<ChildCall>? body, bool isRehearsal)
    {
        (CallRequest request, SafeFileHandle channel, int[] descriptors) = opened;
        using var cancellation = new CancellationTokenSource();
        try
        {
            if (body is null)
            {
                throw new MissingMethodException($"{request.Assembly} has no isolated method {request.MethodId}: parent and child are not the same build.");
            }

            ReadOnlyMemory<byte> arguments = request.Arguments;
            if (request.IsWarm)
            {
                if (FrameSocket.Receive(channel.Number(), out descriptors) is not (CallFrame.Call, var received))
                {
                    return 0; // the parent lets this child go
                }

                arguments = received;
            }

            if (request.AcceptsCancellation && !isRehearsal)
            {
                new Thread(() => Listen(channel, cancellation)) { IsBackground = true, Name = "NsGen cancellation" }.Start();
            }

            var call = new ChildCall(new PayloadReader(arguments, descriptors), cancellation.Token)
            {
                IsRehearsal = isRehearsal,
                Send = (kind, payload) => Send(channel, kind, payload),
            };
            body(call);
            Send(channel, CallFrame.Result, call.Result);
            return call.ExitCode & 0xFF;
        }
#pragma warning disable CA1031 // It travels to the parent.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var exception = new PayloadWriter();
            RemoteException.Write(exception, e);
            Send(channel, CallFrame.Exception, exception);
            return ExitCodeOfException;
        }
    }

    /// <summary>
    /// Goes through a whole call on a channel of its own, but for the user's code, so that the JIT has compiled all of it before the arguments
    /// come. What goes wrong is answered there and says nothing about the call: a converter may refuse a value of no meaning.
    /// </summary>
    private static void Rehearse(OpenedCall opened, Action<ChildCall> body)
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled)
        {
            return;
        }

        (SafeFileHandle parent, SafeFileHandle child) = FileDescriptor.SocketPair();
        using (parent)
        using (child)
        {
            var nothing = new PayloadWriter();
            nothing.WriteValue(0);
            Send(parent, CallFrame.Call, nothing);
            Serve(opened with { Channel = child }, body, isRehearsal: true);

            // What the generated code asks of the call when it is no rehearsal.
            var call = new ChildCall(new PayloadReader(default, []), CancellationToken.None);
            call.ExitCode = call.CancellationToken.CanBeCanceled && call.Arguments is null ? 1 : 0;
        }
    }

    /// <summary>A parent that is gone needs no answer. Any thread of the body may report progress: frames must not mix.</summary>
    private static void Send(SafeFileHandle channel, CallFrame kind, PayloadWriter payload)
    {
        lock (s_sending)
        {
            _ = FrameSocket.Send(channel.Number(), kind, payload.Written.Span, payload.Handles);
        }
    }

    /// <summary>Waits for the parent's word to stop.</summary>
    private static void Listen(SafeFileHandle channel, CancellationTokenSource cancellation)
    {
        if (FrameSocket.Receive(channel.Number(), out _) is (CallFrame.Stop, _))
        {
            cancellation.Cancel();
        }
    }

    private sealed record OpenedCall(CallRequest Request, SafeFileHandle Channel, int[] Descriptors);
}
