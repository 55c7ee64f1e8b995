namespace NsGen;

/// <summary>The capabilities into which Linux divides root's power, numbered as in capabilities(7).</summary>
public enum Capability
{
    /// <summary>CAP_CHOWN: change the owner of files.</summary>
    Chown = 0,

    /// <summary>CAP_DAC_OVERRIDE: pass over the permissions of files.</summary>
    DacOverride = 1,

    /// <summary>CAP_DAC_READ_SEARCH: pass over the permissions to read files and search directories.</summary>
    DacReadSearch = 2,

    /// <summary>CAP_FOWNER: do what only the owner of a file may.</summary>
    FOwner = 3,

    /// <summary>CAP_FSETID: keep set-user-id and set-group-id bits when a file changes.</summary>
    FSetId = 4,

    /// <summary>CAP_KILL: signal any process.</summary>
    Kill = 5,

    /// <summary>CAP_SETGID: change group ids and supplementary groups.</summary>
    SetGid = 6,

    /// <summary>CAP_SETUID: change user ids.</summary>
    SetUid = 7,

    /// <summary>CAP_SETPCAP: drop from the bounding set, add to the inheritable set.</summary>
    SetPCap = 8,

    /// <summary>CAP_LINUX_IMMUTABLE: set the immutable and append-only marks of files.</summary>
    LinuxImmutable = 9,

    /// <summary>CAP_NET_BIND_SERVICE: bind to ports below 1024.</summary>
    NetBindService = 10,

    /// <summary>CAP_NET_BROADCAST: unused by the kernel.</summary>
    NetBroadcast = 11,

    /// <summary>CAP_NET_ADMIN: configure interfaces, routes, firewalls.</summary>
    NetAdmin = 12,

    /// <summary>CAP_NET_RAW: open raw and packet sockets.</summary>
    NetRaw = 13,

    /// <summary>CAP_IPC_LOCK: lock memory.</summary>
    IpcLock = 14,

    /// <summary>CAP_IPC_OWNER: pass over the permissions of System V IPC objects.</summary>
    IpcOwner = 15,

    /// <summary>CAP_SYS_MODULE: load and unload kernel modules.</summary>
    SysModule = 16,

    /// <summary>CAP_SYS_RAWIO: access I/O ports and raw memory.</summary>
    SysRawIo = 17,

    /// <summary>CAP_SYS_CHROOT: call chroot(2), and setns(2) into mount namespaces.</summary>
    SysChroot = 18,

    /// <summary>CAP_SYS_PTRACE: trace any process.</summary>
    SysPtrace = 19,

    /// <summary>CAP_SYS_PACCT: switch process accounting.</summary>
    SysPAcct = 20,

    /// <summary>CAP_SYS_ADMIN: mount, create namespaces, and very much more.</summary>
    SysAdmin = 21,

    /// <summary>CAP_SYS_BOOT: reboot, load another kernel.</summary>
    SysBoot = 22,

    /// <summary>CAP_SYS_NICE: raise priorities, set affinities.</summary>
    SysNice = 23,

    /// <summary>CAP_SYS_RESOURCE: raise hard limits, use reserved space.</summary>
    SysResource = 24,

    /// <summary>CAP_SYS_TIME: set the clocks.</summary>
    SysTime = 25,

    /// <summary>CAP_SYS_TTY_CONFIG: hang up terminals.</summary>
    SysTtyConfig = 26,

    /// <summary>CAP_MKNOD: make device nodes.</summary>
    MkNod = 27,

    /// <summary>CAP_LEASE: take leases on any file.</summary>
    Lease = 28,

    /// <summary>CAP_AUDIT_WRITE: write to the audit log.</summary>
    AuditWrite = 29,

    /// <summary>CAP_AUDIT_CONTROL: configure auditing.</summary>
    AuditControl = 30,

    /// <summary>CAP_SETFCAP: set capabilities of files, map user id 0.</summary>
    SetFCap = 31,

    /// <summary>CAP_MAC_OVERRIDE: pass over mandatory access control.</summary>
    MacOverride = 32,

    /// <summary>CAP_MAC_ADMIN: configure mandatory access control.</summary>
    MacAdmin = 33,

    /// <summary>CAP_SYSLOG: read and clear the kernel log.</summary>
    SysLog = 34,

    /// <summary>CAP_WAKE_ALARM: set timers that wake the machine.</summary>
    WakeAlarm = 35,

    /// <summary>CAP_BLOCK_SUSPEND: keep the machine from suspending.</summary>
    BlockSuspend = 36,

    /// <summary>CAP_AUDIT_READ: read the audit log. Linux 3.16.</summary>
    AuditRead = 37,

    /// <summary>CAP_PERFMON: monitor performance. Linux 5.8.</summary>
    PerfMon = 38,

    /// <summary>CAP_BPF: load BPF programs. Linux 5.8.</summary>
    Bpf = 39,

    /// <summary>CAP_CHECKPOINT_RESTORE: checkpoint and restore. Linux 5.9.</summary>
    CheckpointRestore = 40,
}
