using NsGen.Native;

namespace NsGen.Tests;

public sealed class MemoryFileTests
{
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    [KernelFact]
    public void A_file_of_arguments_can_never_be_executed_and_one_of_a_program_can()
    {
        if (Environment.OSVersion.Version < new Version(6, 3))
        {
            throw new SkippedException("needs MFD_NOEXEC_SEAL, Linux 6.3");
        }

        using var data = FileDescriptor.Memory("nsgen-test", LibC.MFD_NOEXEC_SEAL);
        using var program = FileDescriptor.Memory("nsgen-test", LibC.MFD_EXEC);

        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(data) & Execute);
        Assert.Throws<UnauthorizedAccessException>(() => File.SetUnixFileMode(data, Execute));
        Assert.Equal(Execute, File.GetUnixFileMode(program) & Execute);
    }
}
