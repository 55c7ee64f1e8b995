using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

        (CallRequest request, SafeFileHandle channel) = Open();
        if (request.Assembly != assembly)
        {
            throw new InvalidOperationException(
                $"The call is for {request.Assembly}, but {assembly} was initialized first: reference NsGen from one assembly of a native program.");
        }

        // A module initializer holds its module's lock: under a JIT, a body that waits for another thread would wait for ever.
        RunAndExit(
            request,
            channel,
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

        (CallRequest request, SafeFileHandle channel) = Open();
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

        RunAndExit(request, channel, body);
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
    private static (CallRequest Request, SafeFileHandle Channel) Open()
    {
        string[] numbers = Environment.GetEnvironmentVariable(CallVariables.Call)!.Split(' ');
        using SafeFileHandle file = Inherited(numbers[0]);
        SafeFileHandle channel = Inherited(numbers[1]);
        CallRequest request = CallRequest.FromMemoryFile(file);
        Restore(CallVariables.Call, null);
        Restore(CallVariables.StartupHooks, request.StartupHooks);
        Restore(CallVariables.EnableDiagnostics, request.EnableDiagnostics);
        return (request, channel);
    }

    private static SafeFileHandle Inherited(string number)
    {
        int fd = int.Parse(number, CultureInfo.InvariantCulture);

        // The body's own children have no business with it.
        _ = LibC.Fcntl(fd, LibC.F_SETFD, LibC.FD_CLOEXEC);
        return FileDescriptor.Owned(fd);
    }

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
    private static void RunAndExit(CallRequest request, SafeFileHandle channel, Action<ChildCall>? body)
    {
        using var cancellation = new CancellationTokenSource();
        if (request.AcceptsCancellation)
        {
            new Thread(() => Listen(channel, cancellation)) { IsBackground = true, Name = "NsGen cancellation" }.Start();
        }

        int exitCode;
        try
        {
            if (body is null)
            {
                throw new MissingMethodException($"{request.Assembly} has no isolated method {request.MethodId}: parent and child are not the same build.");
            }

            var call = new ChildCall(new PayloadReader(request.Arguments), cancellation.Token);
            body(call);
            Send(channel, ResultFrame.Result, call.Result);
            exitCode = call.ExitCode & 0xFF;
        }
#pragma warning disable CA1031 // It travels to the parent.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var exception = new PayloadWriter();
            RemoteException.Write(exception, e);
            Send(channel, ResultFrame.Exception, exception);
            exitCode = ExitCodeOfException;
        }

        Environment.Exit(exitCode);
    }

    private static unsafe void Send(SafeFileHandle channel, ResultFrame kind, PayloadWriter payload)
    {
        byte[] header = new byte[ResultChannel.HeaderSize];
        header[0] = (byte)kind;
        BitConverter.TryWriteBytes(header.AsSpan(1), (long)payload.Written.Length);
        Send(channel, header);
        Send(channel, payload.Written.Span);
    }

    private static unsafe void Send(SafeFileHandle channel, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                nint count = LibC.Send(channel.Number(), start + sent, (nuint)(bytes.Length - sent), LibC.MSG_NOSIGNAL);
                if (count >= 0)
                {
                    sent += (int)count;
                }
                else if (Marshal.GetLastPInvokeError() != Errno.EINTR)
                {
                    return; // EPIPE: the parent is gone, and nobody is left to tell
                }
            }
        }
    }

    /// <summary>Waits for the parent's word to stop.</summary>
    private static unsafe void Listen(SafeFileHandle channel, CancellationTokenSource cancellation)
    {
        byte request;
        nint count;
        do
        {
            count = LibC.Recv(channel.Number(), &request, 1, 0);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);

        if (count == 1)
        {
            cancellation.Cancel();
        }
    }
}
