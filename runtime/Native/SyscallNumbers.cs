using System.Runtime.InteropServices;

namespace NsGen.Native;

/// <summary>System call numbers, which differ between architectures: x86-64 has its own, the others share asm-generic's.</summary>
internal static class SyscallNumbers
{
    public static readonly nint Close = Number(3, 57);
    public static readonly nint Ioctl = Number(16, 29);
    public static readonly nint Write = Number(1, 64);
    public static readonly nint Read = Number(0, 63);
    public static readonly nint RtSigAction = Number(13, 134);
    public static readonly nint RtSigProcMask = Number(14, 135);
    public static readonly nint FChDir = Number(81, 50);
    public static readonly nint UMask = Number(95, 166);
    public static readonly nint CapSet = Number(126, 91);
    public static readonly nint PivotRoot = Number(155, 41);
    public static readonly nint UMount2 = Number(166, 39);
    public static readonly nint MkDirAt = Number(258, 34);
    public static readonly nint MkNodAt = Number(259, 33);
    public static readonly nint SymLinkAt = Number(266, 36);
    public static readonly nint PrLimit64 = Number(302, 261);
    public static readonly nint ExecveAt = Number(322, 281);
    public static readonly nint GetPid = Number(39, 172);
    public static readonly nint Socket = Number(41, 198);
    public static readonly nint Execve = Number(59, 221);
    public static readonly nint Exit = Number(60, 93);
    public static readonly nint Chdir = Number(80, 49);
    public static readonly nint SetSid = Number(112, 157);
    public static readonly nint SetGroups = Number(116, 159);
    public static readonly nint SetResUid = Number(117, 147);
    public static readonly nint SetResGid = Number(119, 149);
    public static readonly nint SetFsUid = Number(122, 151);
    public static readonly nint SetFsGid = Number(123, 152);
    public static readonly nint Prctl = Number(157, 167);
    public static readonly nint Mount = Number(165, 40);
    public static readonly nint SetHostName = Number(170, 161);
    public static readonly nint SetDomainName = Number(171, 162);
    public static readonly nint GetTid = Number(186, 178);
    public static readonly nint Futex = Number(202, 98);
    public static readonly nint ExitGroup = Number(231, 94);
    public static readonly nint OpenAt = Number(257, 56);
    public static readonly nint PPoll = Number(271, 73);
    public static readonly nint Unshare = Number(272, 97);
    public static readonly nint SetNs = Number(308, 268);
    public static readonly nint Dup3 = Number(292, 24);
    public static readonly nint Statx = Number(332, 291);

    // Numbers above 423 are the same everywhere.
    public const nint PidFdSendSignal = 424;
    public const nint OpenTree = 428;
    public const nint MoveMount = 429;
    public const nint FsOpen = 430;
    public const nint FsConfig = 431;
    public const nint FsMount = 432;
    public const nint PidFdOpen = 434;
    public const nint CloseRange = 436;
    public const nint OpenAt2 = 437;
    public const nint MountSetAttr = 442;

    private static nint Number(int x64, int generic) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => x64,
        Architecture.Arm64 or Architecture.LoongArch64 => generic,
        Architecture other => throw new PlatformNotSupportedException(
            $"NsGen knows the system calls of x64 and arm64 Linux, not those of {other}."),
    };
}
