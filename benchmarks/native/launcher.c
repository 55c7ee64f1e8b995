/*
 * The C side of the comparison: a server that launches a program once per request and says how long that took.
 *
 *     launcher METHOD HEAP_MB PROGRAM [ARGUMENT]...
 *
 * METHOD is how the child is made:
 *     vfork   clone(CLONE_VM|CLONE_VFORK) on a stack of its own, execve, waitid: what posix_spawn does, without its handling of signals
 *             and attributes. The least a launch can cost, and so the measure for the others.
 *     clone   clone(SIGCHLD) on a stack of its own, execve, waitid: what the tutorials on namespaces do. It copies the page tables.
 *     spawn   posix_spawn, waitpid. No namespaces.
 *     thread  no program: pthread_create, unshare on the thread, pthread_join; as often as the request's steps say.
 *     scope   no program: setns to another UTS namespace and back, as often as the request's steps say; the way back is opened each time.
 * HEAP_MB is touched before the first launch, in small pages: what a copy of the page tables would have to copy.
 *
 * Standard input carries requests, standard output answers: the launch's nanoseconds, or minus an errno. One launch per request, so that
 * whoever drives this can let the contenders take turns.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

enum { MAP_IDS = 1, PRIVATE_MOUNTS = 2, MOUNT_PROC = 4, LOOPBACK_UP = 8 };

struct request {
    uint64_t namespaces; /* CLONE_NEW* */
    uint64_t steps;      /* what the child does in them */
};

struct child {
    struct request request;
    char **argv;
    char uid_map[32];
    char gid_map[32];
    volatile int error; /* shared with the parent under CLONE_VM only */
};

extern char **environ;

static char stack[64 * 1024] __attribute__((aligned(16)));

static int write_file(const char *path, const char *content)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t written = write(fd, content, strlen(content));
    close(fd);
    return written < 0 ? -1 : 0;
}

static int loopback_up(void)
{
    struct ifreq request = { .ifr_name = "lo" };
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int result = ioctl(fd, SIOCSIFFLAGS, &request);
    close(fd);
    return result;
}

static int set_up(const struct child *child)
{
    uint64_t steps = child->request.steps;
    if ((steps & MAP_IDS)
        && (write_file("/proc/self/setgroups", "deny") || write_file("/proc/self/uid_map", child->uid_map)
            || write_file("/proc/self/gid_map", child->gid_map)))
        return -1;
    /* clone reads this bit as part of the exit signal; execve enters the namespace made here. */
    if ((child->request.namespaces & CLONE_NEWTIME) && unshare(CLONE_NEWTIME))
        return -1;
    if ((steps & PRIVATE_MOUNTS) && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
        return -1;
    if ((steps & MOUNT_PROC) && mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
        return -1;
    if ((steps & LOOPBACK_UP) && loopback_up())
        return -1;
    return 0;
}

static int run(void *argument)
{
    struct child *child = argument;
    if (set_up(child) == 0)
        execve(child->argv[0], child->argv, environ);
    child->error = errno;
    _exit(127);
}

static int wait_for(pid_t pid)
{
    siginfo_t info = { 0 };
    while (waitid(P_PID, (id_t)pid, &info, WEXITED))
        if (errno != EINTR)
            return errno;
    return info.si_code == CLD_EXITED && info.si_status == 0 ? 0 : ECHILD;
}

static void *leave(void *argument)
{
    struct child *child = argument;
    if (child->request.namespaces && unshare((int)child->request.namespaces))
        child->error = errno;
    return NULL;
}

static int run_threads(struct child *child)
{
    for (uint64_t i = 0; i < child->request.steps && !child->error; i++) {
        pthread_t thread;
        int error = pthread_create(&thread, NULL, leave, child);
        if (error)
            return error;
        pthread_join(thread, NULL);
    }
    return child->error;
}

static int elsewhere = -1; /* a UTS namespace that nothing but this descriptor holds */

static void *open_elsewhere(void *argument)
{
    (void)argument;
    if (unshare(CLONE_NEWUTS) == 0)
        elsewhere = open("/proc/thread-self/ns/uts", O_RDONLY | O_CLOEXEC);
    return NULL;
}

static int enter_and_return(uint64_t times)
{
    if (elsewhere < 0) {
        pthread_t thread;
        int error = pthread_create(&thread, NULL, open_elsewhere, NULL);
        if (error)
            return error;
        pthread_join(thread, NULL);
        if (elsewhere < 0)
            return EPERM;
    }
    for (uint64_t i = 0; i < times; i++) {
        int home = open("/proc/thread-self/ns/uts", O_RDONLY | O_CLOEXEC);
        if (home < 0 || setns(elsewhere, CLONE_NEWUTS) || setns(home, CLONE_NEWUTS))
            return errno;
        close(home);
    }
    return 0;
}

static int launch(const char *method, struct child *child)
{
    pid_t pid;
    if (strcmp(method, "thread") == 0)
        return run_threads(child);
    if (strcmp(method, "scope") == 0)
        return enter_and_return(child->request.steps);
    if (strcmp(method, "spawn") == 0) {
        int error = posix_spawn(&pid, child->argv[0], NULL, NULL, child->argv, environ);
        if (error)
            return error;
    } else {
        int flags = (int)(child->request.namespaces & ~(uint64_t)CLONE_NEWTIME) | SIGCHLD;
        if (strcmp(method, "vfork") == 0)
            flags |= CLONE_VM | CLONE_VFORK;
        pid = clone(run, stack + sizeof stack, flags, child);
        if (pid < 0)
            return errno;
    }
    int error = wait_for(pid);
    return child->error ? child->error : error;
}

static void touch(size_t megabytes)
{
    size_t length = megabytes << 20;
    if (length == 0)
        return;
    char *heap = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (heap == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    /* With huge pages there would be 512 times fewer entries to copy; a heap that has grown over time has few of them. */
    madvise(heap, length, MADV_NOHUGEPAGE);
    for (size_t i = 0; i < length; i += 4096)
        heap[i] = 1;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: %s vfork|clone|spawn|thread|scope HEAP_MB PROGRAM [ARGUMENT]...\n", argv[0]);
        return 2;
    }
    touch(strtoul(argv[2], NULL, 10));

    struct child child = { .argv = argv + 3 };
    snprintf(child.uid_map, sizeof child.uid_map, "0 %u 1\n", geteuid());
    snprintf(child.gid_map, sizeof child.gid_map, "0 %u 1\n", getegid());
    while (read(STDIN_FILENO, &child.request, sizeof child.request) == sizeof child.request) {
        struct timespec start, end;
        child.error = 0;
        clock_gettime(CLOCK_MONOTONIC, &start);
        int error = launch(argv[1], &child);
        clock_gettime(CLOCK_MONOTONIC, &end);
        int64_t answer = error ? -error : (end.tv_sec - start.tv_sec) * 1000000000LL + (end.tv_nsec - start.tv_nsec);
        if (write(STDOUT_FILENO, &answer, sizeof answer) != sizeof answer)
            return 1;
    }
    return 0;
}
