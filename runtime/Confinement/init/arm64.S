// The init of NsGen for AArch64. x64.S says what it does and why; this is the same, step by step.
//
//   aarch64-linux-gnu-as arm64.S -o arm64.o && aarch64-linux-gnu-objcopy -O binary -j .text arm64.o arm64.bin

        .set    SYS_fcntl, 25
        .set    SYS_write, 64
        .set    SYS_exit_group, 94
        .set    SYS_kill, 129
        .set    SYS_rt_sigaction, 134
        .set    SYS_rt_sigprocmask, 135
        .set    SYS_rt_sigtimedwait, 137
        .set    SYS_setpgid, 154
        .set    SYS_setsid, 157
        .set    SYS_prctl, 167
        .set    SYS_clone, 220
        .set    SYS_execve, 221
        .set    SYS_wait4, 260
        .set    SYS_close_range, 436

        .set    SIG_SETMASK, 2
        .set    SIGCHLD, 17
        .set    F_SETFD, 2
        .set    FD_CLOEXEC, 1
        .set    PR_SET_NAME, 15
        .set    CLONE_VM_VFORK_SIGCHLD, 0x100 | 0x4000 | 17
        .set    WNOHANG_WALL, 1 | 0x40000000
        .set    ENOENT, 2
        .set    EACCES, 13
        .set    ENOTDIR, 20

        // Offsets from sp.
        .set    REPORT, 0
        .set    MASK, 8
        .set    ALL, 16
        .set    STATUS, 24
        .set    DEFAULT, 32
        .set    SIZE, 64

        .text
file:   .byte   0x7f, 'E', 'L', 'F', 2, 1, 1, 0
        .quad   0
        .short  3, 183                  // ET_DYN, EM_AARCH64
        .long   1
        .quad   start - file, segment - file, 0
        .long   0
        .short  64, 56, 2, 0, 0, 0
segment:
        .long   1, 5                    // PT_LOAD, readable and executable
        .quad   0, 0, 0, end - file, end - file, 0x10000
        .long   0x6474e551, 6           // PT_GNU_STACK, not executable
        .quad   0, 0, 0, 0, 0, 16

name:   .asciz  "nsgen-init"
        .balign 4

start:  add     x20, sp, #16            // argv + 1
        ldr     x1, [x20], #8           // x20: the first path
        mov     w19, #0                 // the eventfd's number
        mov     w10, #10
digit:  ldrb    w23, [x1], #1           // after the loop: 's' or 0
        sub     w0, w23, #'0'
        cmp     w0, #9
        b.hi    paths
        madd    w19, w19, w10, w0
        b       digit

paths:  mov     x21, x20
1:      ldr     x1, [x21], #8
        ldrb    w0, [x1]
        cbnz    w0, 1b                  // x21: the program's argv
        mov     x22, x21
2:      ldr     x0, [x22], #8
        cbnz    x0, 2b                  // x22: its envp

        // Block all signals.
        sub     sp, sp, #SIZE
        mov     x0, #1
        mov     x1, #-1
        str     x0, [sp, #REPORT]
        str     x1, [sp, #ALL]
        stp     xzr, xzr, [sp, #DEFAULT]
        stp     xzr, xzr, [sp, #DEFAULT + 16]
        mov     x0, #SIG_SETMASK
        add     x1, sp, #ALL
        add     x2, sp, #MASK
        mov     x3, #8
        mov     x8, #SYS_rt_sigprocmask
        svc     #0

        // Close-on-exec, name.
        mov     w0, w19
        mov     x1, #F_SETFD
        mov     x2, #FD_CLOEXEC
        mov     x8, #SYS_fcntl
        svc     #0
        add     w0, w19, #1
        svc     #0
        mov     x0, #PR_SET_NAME
        adr     x1, name
        mov     x8, #SYS_prctl
        svc     #0

        // As vfork.
        mov     x0, #CLONE_VM_VFORK_SIGCHLD
        mov     x1, #0
        mov     x2, #0
        mov     x3, #0
        mov     x4, #0
        mov     x8, #SYS_clone
        svc     #0
        cbz     x0, program
        mov     w24, w0                 // the program
        tbz     x0, #63, started
        neg     x0, x0
        add     x0, x0, #1
        str     x0, [sp, #REPORT]

        // Out of the caller's process group; report; close everything.
started:
        mov     x0, #0
        mov     x1, #0
        mov     x8, #SYS_setpgid
        svc     #0
        mov     w0, w19
        mov     x1, sp
        mov     x2, #8
        mov     x8, #SYS_write
        svc     #0
        mov     x0, #0
        mov     w1, #-1
        mov     x2, #0
        mov     x8, #SYS_close_range
        svc     #0
        ldr     x1, [sp, #REPORT]
        mov     x0, #127
        cmp     x1, #1
        b.ne    exit

        mov     x0, #SIGCHLD
        add     x1, sp, #DEFAULT
        mov     x2, #0
        mov     x3, #8
        mov     x8, #SYS_rt_sigaction
        svc     #0

reap:   mov     x0, #-1
        add     x1, sp, #STATUS
        ldr     w2, options
        mov     x3, #0
        mov     x8, #SYS_wait4
        svc     #0
        cmp     w0, #0
        b.le    wait
        cmp     w0, w24
        b.ne    reap

        // The program's exit code, or 128 and the signal.
        ldr     w1, [sp, #STATUS]
        ubfx    w0, w1, #8, #8
        ands    w1, w1, #0x7f
        b.eq    exit
        add     w0, w1, #128
exit:   mov     x8, #SYS_exit_group
        svc     #0

wait:   add     x0, sp, #ALL
        mov     x1, #0
        mov     x2, #0
        mov     x3, #8
        mov     x8, #SYS_rt_sigtimedwait
        svc     #0
        cmp     w0, #SIGCHLD
        b.eq    reap
        cmp     w0, #0
        b.le    wait                    // EINTR
        mov     w1, w0
        mov     w0, w24
        mov     x8, #SYS_kill
        svc     #0
        b       wait

        // In the child.
program:
        cmp     w23, #'s'
        b.ne    1f
        mov     x8, #SYS_setsid
        svc     #0
1:      mov     x0, #SIG_SETMASK
        add     x1, sp, #MASK
        mov     x2, #0
        mov     x3, #8
        mov     x8, #SYS_rt_sigprocmask
        svc     #0
        mov     w23, #ENOENT
try:    ldr     x0, [x20], #8
        ldrb    w1, [x0]
        cbz     w1, none
        mov     x1, x21
        mov     x2, x22
        mov     x8, #SYS_execve
        svc     #0
        neg     w0, w0
        cmp     w0, #ENOENT
        b.eq    try
        cmp     w0, #ENOTDIR
        b.eq    try
        mov     w23, w0
        cmp     w0, #EACCES
        b.eq    try
none:   add     w23, w23, #1
        str     w23, [sp, #REPORT]
        mov     x0, #127
        b       exit

        .balign 4
options:
        .long   WNOHANG_WALL
end:
