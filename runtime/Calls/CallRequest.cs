using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using NsGen.CompilerServices;
using NsGen.Native;

namespace NsGen.Calls;

/// <summary>
/// What the child is told: which body to run, and the arguments. It travels in a sealed memory file, which neither side can change any
/// more and which leaves nothing behind.
/// </summary>
/// <param name="Assembly">Simple name of the assembly with the body.</param>
/// <param name="Location">Where that assembly was loaded from, for one the child's runtime does not find by name; empty in one file.</param>
/// <param name="MethodId">The body's name in that assembly.</param>
/// <param name="AcceptsCancellation">Whether the body takes a token, and the child has to listen for it.</param>
/// <param name="IsWarm">Whether the arguments come later, in a <see cref="CallFrame.Call"/>.</param>
/// <param name="HandleCount">How many open files travel as arguments; their descriptors follow the channel's.</param>
/// <param name="StartupHooks">The value of DOTNET_STARTUP_HOOKS before NsGen's own was added.</param>
/// <param name="EnableDiagnostics">The value of DOTNET_EnableDiagnostics before.</param>
/// <param name="Arguments">The arguments.</param>
internal sealed unsafe record CallRequest(
    string Assembly,
    string Location,
    string MethodId,
    bool AcceptsCancellation,
    bool IsWarm,
    int HandleCount,
    string? StartupHooks,
    string? EnableDiagnostics,
    ReadOnlyMemory<byte> Arguments)
{
    public SafeFileHandle ToMemoryFile()
    {
        var header = new PayloadWriter();
        header.WriteString(Assembly);
        header.WriteString(Location);
        header.WriteString(MethodId);
        header.WriteValue(AcceptsCancellation);
        header.WriteValue(IsWarm);
        header.WriteValue(HandleCount);
        header.WriteString(StartupHooks);
        header.WriteString(EnableDiagnostics);

        SafeFileHandle file = FileDescriptor.Memory("nsgen-call", LibC.MFD_NOEXEC_SEAL);
        try
        {
            RandomAccess.Write(file, BitConverter.GetBytes(header.Written.Length), 0);
            RandomAccess.Write(file, header.Written.Span, sizeof(int));
            RandomAccess.Write(file, Arguments.Span, sizeof(int) + header.Written.Length);
            FileDescriptor.Check(
                LibC.Fcntl(file.Number(), LibC.F_ADD_SEALS, LibC.F_SEAL_SEAL | LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW | LibC.F_SEAL_WRITE), "seal the arguments");
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public static CallRequest FromMemoryFile(SafeFileHandle file)
    {
        byte[] content = new byte[RandomAccess.GetLength(file)];
        for (int read = 0; read < content.Length;)
        {
            int count = RandomAccess.Read(file, content.AsSpan(read), read);
            if (count == 0)
            {
                throw new EndOfStreamException("The call's memory file is shorter than it was.");
            }

            read += count;
        }

        int headerLength = MemoryMarshal.Read<int>(content);
        var header = new PayloadReader(content.AsMemory(sizeof(int), headerLength));
        return new CallRequest(
            header.ReadString()!,
            header.ReadString()!,
            header.ReadString()!,
            header.ReadValue<bool>(),
            header.ReadValue<bool>(),
            header.ReadValue<int>(),
            header.ReadString(),
            header.ReadString(),
            content.AsMemory(sizeof(int) + headerLength));
    }
}
