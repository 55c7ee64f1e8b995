using System.Runtime.InteropServices;

namespace NsGen.Native;

/// <summary>Error numbers, see errno(3). Those up to 34 and the few others used here are the same on every architecture .NET runs on.</summary>
internal static class Errno
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int ESRCH = 3;
    public const int EINTR = 4;
    public const int ENOEXEC = 8;
    public const int ECHILD = 10;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int EACCES = 13;
    public const int EBUSY = 16;
    public const int ENOTDIR = 20;
    public const int EXDEV = 18;
    public const int EINVAL = 22;
    public const int EMFILE = 24;
    public const int ETXTBSY = 26;
    public const int ENOSPC = 28;
    public const int EROFS = 30;
    public const int EPIPE = 32;
    public const int ERANGE = 34;
    public const int ENOSYS = 38;
    public const int ELOOP = 40;
    public const int EUSERS = 87;
    public const int EOPNOTSUPP = 95;

    private static readonly string[] s_names =
    [
        "0", "EPERM", "ENOENT", "ESRCH", "EINTR", "EIO", "ENXIO", "E2BIG", "ENOEXEC", "EBADF", "ECHILD", "EAGAIN", "ENOMEM", "EACCES",
        "EFAULT", "ENOTBLK", "EBUSY", "EEXIST", "EXDEV", "ENODEV", "ENOTDIR", "EISDIR", "EINVAL", "ENFILE", "EMFILE", "ENOTTY", "ETXTBSY",
        "EFBIG", "ENOSPC", "ESPIPE", "EROFS", "EMLINK", "EPIPE", "EDOM", "ERANGE", "EDEADLK", "ENAMETOOLONG", "ENOLCK", "ENOSYS",
        "ENOTEMPTY", "ELOOP",
    ];

    public static string NameOf(int errno) => errno switch
    {
        >= 0 when errno < s_names.Length => s_names[errno],
        80 => "ELIBBAD",
        EUSERS => "EUSERS",
        EOPNOTSUPP => "EOPNOTSUPP",
        97 => "EAFNOSUPPORT",
        110 => "ETIMEDOUT",
        111 => "ECONNREFUSED",
        122 => "EDQUOT",
        _ => FormattableString.Invariant($"errno {errno}"),
    };

    /// <summary>The C library's text, such as <c>Operation not permitted</c>.</summary>
    public static string Describe(int errno) => Marshal.GetPInvokeErrorMessage(errno);
}
