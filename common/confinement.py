"""What a child that reads an untrusted file gives up: memory, time, files, network, new programs."""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: bytes of address space, seconds of processor, seconds of wall clock."""

    memory: int = 1024 * 1024 * 1024
    cpu: int = 20
    wall: float = 25.0


_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 1, 38, 22, 2
_ALLOW, _KILL_PROCESS, _ERRNO_EPERM = 0x7FFF0000, 0x80000000, 0x00050001

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Linux system call numbers (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).
_DENIED: dict[str, tuple[int, ...]] = {
    "x86_64": (
        *range(41, 56),  # socket .. getsockopt: connect, accept, sendto, sendmsg, bind, listen, socketpair
        *range(56, 60),  # clone, fork, vfork, execve
        *(62, 200, 234, 129, 297),  # kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo
        *range(76, 78),  # truncate, ftruncate
        *range(82, 96),  # rename .. umask: mkdir, rmdir, creat, link, unlink, symlink, chmod, chown
        *(101, 133, 155, 161, 165, 166, 169),  # ptrace, mknod, pivot_root, chroot, mount, umount2, reboot
        *(175, 246, 248, 249, 250, 285, 188, 189, 190),  # modules, kexec, keys, fallocate, setxattr
        *(258, 259, 260, 263, 264, 265, 266, 268, 280),  # mkdirat .. utimensat
        *(
            272,
            288,
            299,
            307,
            304,
            310,
            311,
            316,
        ),  # unshare, accept4, recvmmsg, sendmmsg, by-handle, other memory
        *(319, 320, 321, 322, 323),  # memfd_create, kexec_file, bpf, execveat, userfaultfd
        *(
            425,
            426,
            427,
            428,
            429,
            430,
            432,
            434,
            435,
            437,
            438,
            440,
            452,
        ),  # io_uring, mounts, pidfd, clone3, openat2
    ),
    "aarch64": (
        *range(198, 213),  # socket .. recvmsg
        *(220, 221, 435, 281),  # clone, execve, clone3, execveat
        *(129, 130, 131, 138, 240),  # kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo
        *(
            33,
            34,
            35,
            36,
            37,
            38,
            276,
            39,
            40,
            41,
            45,
            46,
            47,
            51,
            52,
            53,
            54,
            55,
            5,
            6,
            7,
            88,
        ),  # changing files
        *(97, 105, 106, 117, 142, 104, 294, 217, 218, 219),  # unshare, modules, ptrace, reboot, kexec, keys
        *(242, 243, 269, 264, 265, 270, 271, 279, 280, 282),
        *(425, 426, 427, 428, 429, 430, 432, 434, 437, 438, 440, 452),
    ),
}
_OPENAT = {"x86_64": ((2, 1), (257, 2)), "aarch64": ((56, 2),)}
"""Calls that open a file, and which argument holds the flags: reading is let through (late imports), writing is not."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _filter(machine: str) -> bytes:
    """The seccomp program: unknown architecture dies, denied calls and opening for writing fail with EPERM."""
    load, jump_equal, jump_from, jump_any_bit, answer = 0x20, 0x15, 0x35, 0x45, 0x06
    program: list[tuple[int, int, int, int]] = [
        (load, 0, 0, 4),
        (jump_equal, 1, 0, _AUDIT_ARCH[machine]),
        (answer, 0, 0, _KILL_PROCESS),
        (load, 0, 0, 0),
    ]
    if machine == "x86_64":
        # The x32 numbers would slip past every comparison below.
        program += [(jump_from, 0, 1, 0x40000000), (answer, 0, 0, _ERRNO_EPERM)]
    for call in _DENIED[machine]:
        program += [(jump_equal, 0, 1, call), (answer, 0, 0, _ERRNO_EPERM)]
    for call, argument in _OPENAT[machine]:
        program += [
            (jump_equal, 0, 4, call),
            (load, 0, 0, 16 + 8 * argument),
            (jump_any_bit, 0, 1, _WRITING),
            (answer, 0, 0, _ERRNO_EPERM),
            (answer, 0, 0, _ALLOW),
        ]
    program.append((answer, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *line) for line in program)


def seccomp_available() -> bool:
    """True where this machine's calls can be filtered; elsewhere a child has its resource limits alone."""
    return sys.platform == "linux" and platform.machine() in _AUDIT_ARCH and sys.maxsize > 2**32


def confine(limits: Limits) -> bool:
    """Give up, for good and in this process: memory, time, files, network, new programs. True where calls are filtered.

    What cannot be had (no seccomp in this kernel) is left out: the limits of memory, time and file size always hold.
    """
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.wall)
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if not seccomp_available() or libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    code = _filter(platform.machine())
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        """struct sock_fprog of linux/filter.h."""

        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    program = Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
