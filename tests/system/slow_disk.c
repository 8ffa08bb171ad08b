/* A disk that is slow, or fails, when the log of Postgres has to be on it; for LD_PRELOAD.
 *
 * DISK_FILE, given to the compiler, is a file of two numbers: milliseconds that fdatasync takes, and
 * the error that it ends in (0: none). It is read at every call, so that a running server meets it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int fdatasync(int descriptor)
{
    char text[32] = {0};
    long milliseconds = 0;
    int error = 0;
    int file = open(DISK_FILE, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        if (read(file, text, sizeof text - 1) > 0)
            sscanf(text, "%ld %d", &milliseconds, &error);
        close(file);
    }
    if (milliseconds > 0) {
        struct timespec rest = {milliseconds / 1000, milliseconds % 1000 * 1000000};
        nanosleep(&rest, NULL);
    }
    if (error) {
        errno = error;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, descriptor);
}
