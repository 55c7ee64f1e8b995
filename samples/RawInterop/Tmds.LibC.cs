// The shape of the Tmds.LibC package, as far as NsGen's rules read it: constants are static properties, integers of the C ABI are structs
// with implicit conversions, strings and buffers are pointers. Like the package, it has no wait, waitpid, CLONE_NEWTIME or CLONE_PIDFD.
using System.Runtime.InteropServices;

namespace Tmds.Linux
{
    public static unsafe class LibC
    {
        private const string libc = "libc.so.6";

        public static int errno => Marshal.GetLastWin32Error();

        public static int CSIGNAL => 0x000000ff;
        public static int CLONE_VM => 0x00000100;
        public static int CLONE_FS => 0x00000200;
        public static int CLONE_FILES => 0x00000400;
        public static int CLONE_SIGHAND => 0x00000800;
        public static int CLONE_PTRACE => 0x00002000;
        public static int CLONE_VFORK => 0x00004000;
        public static int CLONE_PARENT => 0x00008000;
        public static int CLONE_THREAD => 0x00010000;
        public static int CLONE_NEWNS => 0x00020000;
        public static int CLONE_SYSVSEM => 0x00040000;
        public static int CLONE_SETTLS => 0x00080000;
        public static int CLONE_PARENT_SETTID => 0x00100000;
        public static int CLONE_CHILD_CLEARTID => 0x00200000;
        public static int CLONE_DETACHED => 0x00400000;
        public static int CLONE_UNTRACED => 0x00800000;
        public static int CLONE_CHILD_SETTID => 0x01000000;
        public static int CLONE_NEWCGROUP => 0x02000000;
        public static int CLONE_NEWUTS => 0x04000000;
        public static int CLONE_NEWIPC => 0x08000000;
        public static int CLONE_NEWUSER => 0x10000000;
        public static int CLONE_NEWPID => 0x20000000;
        public static int CLONE_NEWNET => 0x40000000;
        public static int CLONE_IO => unchecked((int)0x80000000);
        public static int SIGHUP => 1;
        public static int SIGINT => 2;
        public static int SIGQUIT => 3;
        public static int SIGKILL => 9;
        public static int SIGUSR1 => 10;
        public static int SIGUSR2 => 12;
        public static int SIGTERM => 15;
        public static int SIGCHLD => 17;
        public static int SIGCONT => 18;
        public static int SIGSTOP => 19;
        public static int O_RDONLY => 0;
        public static int O_WRONLY => 1;
        public static int O_RDWR => 2;
        public static int O_CREAT => 0x40;
        public static int O_CLOEXEC => 0x80000;
        public static int AT_FDCWD => -100;
        public static int PROT_NONE => 0;
        public static int PROT_READ => 1;
        public static int PROT_WRITE => 2;
        public static int MAP_SHARED => 0x01;
        public static int MAP_PRIVATE => 0x02;
        public static int MAP_ANON => 0x20;
        public static int MAP_ANONYMOUS => MAP_ANON;
        public static int MAP_NORESERVE => 0x4000;
        public static int MAP_STACK => 0x20000;
        public static int MAP_GROWSDOWN => 0x0100;
        public static int MNT_FORCE => 1;
        public static int MNT_DETACH => 2;
        public static int EINVAL => 22;
        public static int EPERM => 1;

        public static ulong_t MS_RDONLY => 1;
        public static ulong_t MS_NOSUID => 2;
        public static ulong_t MS_NODEV => 4;
        public static ulong_t MS_NOEXEC => 8;
        public static ulong_t MS_REMOUNT => 32;
        public static ulong_t MS_BIND => 4096;
        public static ulong_t MS_MOVE => 8192;
        public static ulong_t MS_REC => 16384;
        public static ulong_t MS_UNBINDABLE => 1 << 17;
        public static ulong_t MS_PRIVATE => 1 << 18;
        public static ulong_t MS_SLAVE => 1 << 19;
        public static ulong_t MS_SHARED => 1 << 20;
        public static ulong_t MS_RELATIME => 1 << 21;

        public static void* MAP_FAILED => (void*)-1;

        [DllImport(libc, SetLastError = true)]
        public static extern int clone(void* fn, void* child_stack, int flags, void* arg, pid_t* ptid = null, void* newtls = null, pid_t* ctid = null);

        [DllImport(libc, SetLastError = true)]
        public static extern int unshare(int flags);

        [DllImport(libc, SetLastError = true)]
        public static extern int setns(int fd, int nstype);

        [DllImport(libc, SetLastError = true)]
        public static extern pid_t fork();

        [DllImport(libc, SetLastError = true)]
        public static extern pid_t vfork();

        [DllImport(libc, SetLastError = true)]
        public static extern int mount(byte* source, byte* target, byte* filesystemtype, ulong_t mountflags, void* data);

        [DllImport(libc, SetLastError = true)]
        public static extern int umount(byte* target);

        [DllImport(libc, SetLastError = true)]
        public static extern int umount2(byte* target, int flags);

        [DllImport(libc, SetLastError = true)]
        public static extern int open(byte* pathname, int flags, mode_t mode = default(mode_t));

        [DllImport(libc, SetLastError = true)]
        public static extern int openat(int dirfd, byte* pathname, int flags, mode_t mode = default(mode_t));

        [DllImport(libc, SetLastError = true)]
        public static extern int close(int fd);

        [DllImport(libc, SetLastError = true)]
        public static extern ssize_t read(int fd, void* buf, size_t count);

        [DllImport(libc, SetLastError = true)]
        public static extern ssize_t write(int fd, void* buf, size_t count);

        [DllImport(libc, SetLastError = true)]
        public static extern ssize_t readlink(byte* pathname, byte* buf, size_t bufsize);

        [DllImport(libc, SetLastError = true)]
        public static extern int chdir(byte* path);

        [DllImport(libc, SetLastError = true)]
        public static extern int chroot(byte* path);

        [DllImport(libc, SetLastError = true)]
        public static extern int execve(byte* filename, byte** arg, byte** env);

        [DllImport(libc, SetLastError = true)]
        public static extern int kill(pid_t pid, int sig);

        [DllImport(libc, SetLastError = true)]
        public static extern int sethostname(byte* name, size_t len);

        [DllImport(libc, SetLastError = true)]
        public static extern void* mmap(void* addr, size_t length, int prot, int flags, int fd, off_t offset);

        [DllImport(libc, SetLastError = true)]
        public static extern int munmap(void* addr, size_t length);

        [DllImport(libc, SetLastError = true)]
        public static extern int mprotect(void* addr, size_t len, int prot);

        [DllImport(libc)]
        public static extern void _exit(int status);

        [DllImport(libc)]
        public static extern pid_t getpid();

        [DllImport(libc)]
        public static extern pid_t getppid();

        [DllImport(libc)]
        public static extern uid_t getuid();

        [DllImport(libc)]
        public static extern gid_t getgid();
    }

    public struct size_t
    {
        private ulong _value;

        private size_t(ulong value) => _value = value;

        public static implicit operator ulong(size_t arg) => (ulong)arg._value;

        public static explicit operator uint(size_t arg) => (uint)arg._value;

        public static explicit operator int(size_t arg) => (int)arg._value;

        public static implicit operator size_t(uint arg) => new size_t((ulong)arg);

        public static implicit operator size_t(int arg) => new size_t((ulong)arg);

        public static implicit operator size_t(ushort arg) => new size_t((ulong)arg);

        public static explicit operator size_t(ulong arg) => new size_t((ulong)arg);

        public static size_t operator |(size_t a, size_t b) => new size_t(a._value | b._value);

        public static size_t operator &(size_t a, size_t b) => new size_t(a._value & b._value);

        public static size_t operator +(size_t a, size_t b) => new size_t(a._value + b._value);

        public static size_t operator -(size_t a, size_t b) => new size_t(a._value - b._value);

        public static size_t operator ~(size_t a) => new size_t(~a._value);
    }

    public struct ssize_t
    {
        private long _value;

        private ssize_t(long value) => _value = value;

        public static implicit operator long(ssize_t arg) => (long)arg._value;

        public static explicit operator int(ssize_t arg) => (int)arg._value;

        public static implicit operator ssize_t(int arg) => new ssize_t((long)arg);

        public static explicit operator ssize_t(long arg) => new ssize_t((long)arg);
    }

    public struct ulong_t
    {
        private ulong _value;

        private ulong_t(ulong value) => _value = value;

        public static implicit operator ulong(ulong_t arg) => (ulong)arg._value;

        public static explicit operator uint(ulong_t arg) => (uint)arg._value;

        public static explicit operator ulong_t(ulong arg) => new ulong_t((ulong)arg);

        public static implicit operator ulong_t(uint arg) => new ulong_t((ulong)arg);

        public static ulong_t operator |(ulong_t a, ulong_t b) => new ulong_t(a._value | b._value);

        public static ulong_t operator &(ulong_t a, ulong_t b) => new ulong_t(a._value & b._value);

        public static ulong_t operator +(ulong_t a, ulong_t b) => new ulong_t(a._value + b._value);

        public static ulong_t operator -(ulong_t a, ulong_t b) => new ulong_t(a._value - b._value);

        public static ulong_t operator ~(ulong_t a) => new ulong_t(~a._value);
    }

    public struct off_t
    {
        private long _value;

        private off_t(long value) => _value = value;

        public static implicit operator long(off_t arg) => (long)arg._value;

        public static implicit operator off_t(long arg) => new off_t((long)arg);

        public static off_t operator |(off_t a, off_t b) => new off_t(a._value | b._value);

        public static off_t operator &(off_t a, off_t b) => new off_t(a._value & b._value);

        public static off_t operator +(off_t a, off_t b) => new off_t(a._value + b._value);

        public static off_t operator -(off_t a, off_t b) => new off_t(a._value - b._value);

        public static off_t operator ~(off_t a) => new off_t(~a._value);
    }

    public struct pid_t
    {
        private int _value;

        private pid_t(int value) => _value = value;

        public static implicit operator int(pid_t arg) => (int)arg._value;

        public static implicit operator pid_t(int arg) => new pid_t((int)arg);

        public static bool operator ==(pid_t a, pid_t b) => a._value == b._value;

        public static bool operator !=(pid_t a, pid_t b) => a._value != b._value;

        public override bool Equals(object obj) => obj is pid_t other && this == other;

        public override int GetHashCode() => _value;
    }

    public struct uid_t
    {
        private uint _value;

        private uid_t(uint value) => _value = value;

        public static implicit operator uint(uid_t arg) => (uint)arg._value;

        public static implicit operator uid_t(uint arg) => new uid_t((uint)arg);
    }

    public struct gid_t
    {
        private uint _value;

        private gid_t(uint value) => _value = value;

        public static implicit operator uint(gid_t arg) => (uint)arg._value;

        public static implicit operator gid_t(uint arg) => new gid_t((uint)arg);
    }

    public struct mode_t
    {
        private uint _value;

        private mode_t(uint value) => _value = value;

        public static explicit operator ushort(mode_t arg) => (ushort)arg._value;

        public static implicit operator mode_t(ushort arg) => new mode_t((uint)arg);
    }
}
