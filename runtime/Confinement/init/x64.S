# The init of NsGen for x86-64: PID 1 of a new namespace that starts one program, reaps what is orphaned, forwards signals, and ends with
# the program. A whole ELF file, position independent, without libc, written to a memory file and executed from there.
#
#   as x64.S -o x64.o && objcopy -O binary -j .text x64.o x64.bin
#
# InitProgram.cs holds the bytes; InitProgramTests assembles this file again and compares.
#
# argv: "nsgen-init", the number of an eventfd ("s" after it: the program leads a new session), the paths to try, "", the program's argv.
# envp: the program's. The eventfd receives 1 when the program runs, 1 + errno when it does not. The descriptor after it is this file.

        .intel_syntax noprefix
        .set    SYS_rt_sigaction, 13
        .set    SYS_rt_sigprocmask, 14
        .set    SYS_write, 1
        .set    SYS_clone, 56
        .set    SYS_execve, 59
        .set    SYS_wait4, 61
        .set    SYS_kill, 62
        .set    SYS_fcntl, 72
        .set    SYS_setpgid, 109
        .set    SYS_setsid, 112
        .set    SYS_rt_sigtimedwait, 128
        .set    SYS_prctl, 157
        .set    SYS_exit_group, 231
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

        # Offsets from rsp.
        .set    REPORT, 0               # what the eventfd receives
        .set    MASK, 8                 # the program's signal mask
        .set    ALL, 16                 # every signal
        .set    STATUS, 24              # of a child that has ended
        .set    DEFAULT, 32             # struct sigaction of the kernel: SIG_DFL
        .set    SIZE, 64

        .text
file:   .byte   0x7f, 'E', 'L', 'F', 2, 1, 1, 0
        .quad   0
        .short  3, 62                   # ET_DYN, EM_X86_64
        .long   1
        .quad   start - file, segment - file, 0
        .long   0
        .short  64, 56, 2, 0, 0, 0
segment:
        .long   1, 5                    # PT_LOAD, readable and executable
        .quad   0, 0, 0, end - file, end - file, 0x1000
        .long   0x6474e551, 6           # PT_GNU_STACK, not executable
        .quad   0, 0, 0, 0, 0, 16

name:   .asciz  "nsgen-init"

start:  lea     r12, [rsp + 16]         # argv + 1
        mov     rsi, [r12]
        xor     ebx, ebx                # the eventfd's number
digit:  movzx   r15d, byte ptr [rsi]    # after the loop: 's' or 0
        inc     rsi
        lea     eax, [r15 - '0']
        cmp     eax, 9
        ja      paths
        imul    ebx, ebx, 10
        add     ebx, eax
        jmp     digit

paths:  add     r12, 8                  # the first path
        mov     r13, r12
1:      mov     rsi, [r13]
        add     r13, 8
        cmp     byte ptr [rsi], 0
        jne     1b                      # r13: the program's argv
        mov     r14, r13
2:      mov     rax, [r14]
        add     r14, 8
        test    rax, rax
        jnz     2b                      # r14: its envp

        # Nothing may be lost before there is somebody to forward it to: block all, and keep what was for the program.
        sub     rsp, SIZE
        mov     qword ptr [rsp + REPORT], 1
        mov     qword ptr [rsp + ALL], -1
        xor     eax, eax
        mov     [rsp + DEFAULT], rax
        mov     [rsp + DEFAULT + 8], rax
        mov     [rsp + DEFAULT + 16], rax
        mov     [rsp + DEFAULT + 24], rax
        mov     edi, SIG_SETMASK
        lea     rsi, [rsp + ALL]
        lea     rdx, [rsp + MASK]
        mov     r10d, 8
        mov     eax, SYS_rt_sigprocmask
        syscall

        # The program gets neither the eventfd nor this file.
        mov     edi, ebx
        mov     esi, F_SETFD
        mov     edx, FD_CLOEXEC
        mov     eax, SYS_fcntl
        syscall
        lea     edi, [rbx + 1]
        mov     eax, SYS_fcntl
        syscall
        mov     edi, PR_SET_NAME        # otherwise the descriptor's number
        lea     rsi, [rip + name]
        mov     eax, SYS_prctl
        syscall

        # As vfork: the child has this memory, and this stack, which neither writes to but at REPORT; the parent sleeps.
        mov     edi, CLONE_VM_VFORK_SIGCHLD
        xor     esi, esi
        xor     edx, edx
        xor     r10d, r10d
        xor     r8d, r8d
        mov     eax, SYS_clone
        syscall
        test    rax, rax
        jz      program
        jns     started
        neg     eax
        inc     eax
        mov     [rsp + REPORT], eax
started:
        mov     ebp, eax                # the program

        # Out of the caller's process group, which the program stays in: what a terminal or kill(2) sends to the group reaches the program
        # directly, and must not reach it a second time from here.
        xor     edi, edi
        xor     esi, esi
        mov     eax, SYS_setpgid
        syscall
        mov     edi, ebx
        lea     rsi, [rsp + REPORT]
        mov     edx, 8
        mov     eax, SYS_write
        syscall

        # A pipe has to end when the program closes it.
        xor     edi, edi
        mov     esi, -1
        xor     edx, edx
        mov     eax, SYS_close_range
        syscall
        cmp     qword ptr [rsp + REPORT], 1
        mov     edi, 127
        jne     exit

        # Where SIGCHLD was ignored, children would vanish by themselves.
        mov     edi, SIGCHLD
        lea     rsi, [rsp + DEFAULT]
        xor     edx, edx
        mov     r10d, 8
        mov     eax, SYS_rt_sigaction
        syscall

reap:   mov     rdi, -1
        lea     rsi, [rsp + STATUS]
        mov     edx, WNOHANG_WALL
        xor     r10d, r10d
        mov     eax, SYS_wait4
        syscall
        test    eax, eax
        jle     wait
        cmp     eax, ebp
        jne     reap

        # It was the program: its exit code, or 128 and the signal, as a shell has it. The kernel ends whatever else is left inside.
        mov     eax, [rsp + STATUS]
        movzx   edi, ah
        and     eax, 0x7f
        jz      exit
        lea     edi, [rax + 128]
exit:   mov     eax, SYS_exit_group
        syscall

wait:   lea     rdi, [rsp + ALL]
        xor     esi, esi
        xor     edx, edx
        mov     r10d, 8
        mov     eax, SYS_rt_sigtimedwait
        syscall
        cmp     eax, SIGCHLD
        je      reap
        test    eax, eax
        jle     wait                    # EINTR
        mov     edi, ebp
        mov     esi, eax
        mov     eax, SYS_kill
        syscall
        jmp     wait

        # In the child.
program:
        cmp     r15b, 's'
        jne     1f
        mov     eax, SYS_setsid
        syscall
1:      mov     edi, SIG_SETMASK
        lea     rsi, [rsp + MASK]
        xor     edx, edx
        mov     r10d, 8
        mov     eax, SYS_rt_sigprocmask
        syscall
        mov     r15d, ENOENT            # unless a path says otherwise
try:    mov     rdi, [r12]
        cmp     byte ptr [rdi], 0
        je      none
        mov     rsi, r13
        mov     rdx, r14
        mov     eax, SYS_execve
        syscall
        add     r12, 8
        neg     eax
        cmp     eax, ENOENT
        je      try
        cmp     eax, ENOTDIR
        je      try
        mov     r15d, eax
        cmp     eax, EACCES             # another directory may have one that is allowed
        je      try
none:   inc     r15d
        mov     [rsp + REPORT], r15d
        mov     edi, 127
        jmp     exit
end:
