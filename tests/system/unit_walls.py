"""Starts what a unit of systemd says where no systemd runs, behind the walls that the unit names.

    python3 unit_walls.py UNIT

A script of its own, for the Python of a root file system with Debian's python3-seccomp, run as root
in mount and process namespaces of its own. What it raises: account, capabilities, no new rights,
calls of the kernel, kinds of addresses, memory that is written and run, what can be read and
written.
What it does not: PrivateUsers, cgroups, ProtectHostname, and restarts.
"""

import errno
import os
import pwd
import resource
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from string import Template

import seccomp  # type: ignore[import-not-found]

CLONE_NAMESPACES = (
    0x00020000,
    0x02000000,
    0x04000000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
AF = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}
PROT_WRITE, PROT_EXEC = 2, 4
S_ISUID, S_ISGID = 0o4000, 0o2000
HIGHEST_FAMILY = 46


def directives(unit: Path) -> dict[str, list[str]]:
    """Name -> values, in their order; an empty value forgets those before it."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def settings(path: Path) -> dict[str, str]:
    """An EnvironmentFile, read as systemd does what we write in one."""
    read = {}
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            (pair,) = shlex.split(line)
            name, _, value = pair.partition("=")
            read[name] = value
    return read


def credentials(told: str, account: pwd.struct_passwd) -> str:
    """The folder with a copy of a file, for the account alone; made while we are root."""
    name, _, source = told.partition(":")
    folder = Path("/run/credentials-of-a-unit")
    if os.getuid() == 0:
        folder.mkdir(exist_ok=True)
        shutil.copy(source, folder / name)
        for path, mode in ((folder / name, 0o400), (folder, 0o500)):
            os.chown(path, account.pw_uid, account.pw_gid)
            path.chmod(mode)
    return str(folder)


def mount(*arguments: str) -> None:
    """Raises where it does not work: a wall that is not there would prove nothing."""
    subprocess.run(("mount", *arguments), check=True)


def walls_of_files(unit: dict[str, list[str]]) -> None:
    """ProtectSystem=strict, ProtectHome, PrivateTmp, PrivateDevices, ProcSubset, ProtectProc."""
    assert unit["ProtectSystem"] == ["strict"]
    writable = [f"/var/lib/{each}" for each in unit.get("StateDirectory", [])]
    writable += [each.lstrip("-") for each in unit.get("ReadWritePaths", [])]
    for place in (each for each in writable if Path(each).is_dir()):
        mount("--bind", place, place)
    for folder in ("/home", "/root", "/run/user", "/tmp", "/var/tmp"):
        if Path(folder).is_dir():
            mount(
                "-t", "tmpfs", "-o", "mode=1777" if "tmp" in folder else "mode=0", "tmpfs", folder
            )
    mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", "/dev")
    for name, minor in (("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)):
        os.mknod(f"/dev/{name}", 0o020666, os.makedev(1, minor))
        os.chmod(f"/dev/{name}", 0o666)
    os.symlink("/proc/self/fd", "/dev/fd")
    os.mkdir("/dev/shm", 0o1777)
    mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", "/dev/shm")
    mount("-t", "proc", "-o", "subset=pid,hidepid=invisible", "proc", "/proc")
    mount("-o", "remount,bind,ro", "/")


def walls_of_calls(unit: dict[str, list[str]]) -> None:
    """SystemCallFilter, RestrictAddressFamilies, MemoryDenyWriteExecute and the rest of seccomp."""
    refuse = seccomp.ERRNO(errno.EPERM)
    allowed: set[str] = set()
    for value in unit["SystemCallFilter"]:
        names = {call for each in value.lstrip("~").split() for call in calls_of(each)}
        allowed = allowed - names if value.startswith("~") else allowed | names
    allowed |= calls_of("@default")
    walls = seccomp.SyscallFilter(defaction=refuse)
    for call in sorted(allowed):
        try:
            walls.add_rule(seccomp.ALLOW, call)
        except (RuntimeError, OSError, ValueError):
            continue  # of another processor
    more = seccomp.SyscallFilter(defaction=seccomp.ALLOW)
    families = {AF[each] for each in unit["RestrictAddressFamilies"][-1].split()}
    for family in set(range(HIGHEST_FAMILY)) - families:
        more.add_rule(
            seccomp.ERRNO(errno.EAFNOSUPPORT), "socket", seccomp.Arg(0, seccomp.EQ, family)
        )
    for flag in CLONE_NAMESPACES:
        masked = seccomp.Arg(0, seccomp.MASKED_EQ, flag, flag)
        more.add_rule(refuse, "unshare", masked)
        more.add_rule(refuse, "clone", masked)
    more.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    more.add_rule(refuse, "setns")
    both = PROT_WRITE | PROT_EXEC
    more.add_rule(refuse, "mmap", seccomp.Arg(2, seccomp.MASKED_EQ, both, both))
    for call in ("mprotect", "pkey_mprotect"):
        more.add_rule(refuse, call, seccomp.Arg(2, seccomp.MASKED_EQ, PROT_EXEC, PROT_EXEC))
    for bit in (S_ISUID, S_ISGID):
        for call, place in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("mkdir", 1)):
            more.add_rule(refuse, call, seccomp.Arg(place, seccomp.MASKED_EQ, bit, bit))
    more.add_rule(refuse, "personality")
    more.load()
    walls.load()


def calls_of(name: str) -> set[str]:
    """The calls of a set of systemd's, with those of the sets in it."""
    if not name.startswith("@"):
        return {name}
    told = subprocess.run(
        ("systemd-analyze", "syscall-filter", name), capture_output=True, text=True, check=True
    ).stdout
    words = [line.split()[0] for line in told.splitlines()[1:] if line.split()]
    return {call for each in words if each != "#" for call in calls_of(each)}


def main() -> None:
    """Become the process of the unit."""
    unit = directives(Path(sys.argv[1]))
    account = pwd.getpwnam(unit["User"][0])
    environment = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
        "LANG": "C.UTF-8",
        "USER": account.pw_name,
        "HOME": account.pw_dir,
    }
    for each in unit.get("EnvironmentFile", []):
        environment |= settings(Path(each))
    for each in unit.get("LoadCredential", []):
        environment["CREDENTIALS_DIRECTORY"] = credentials(each, account)
    command = shlex.split(Template(unit["ExecStart"][0]).safe_substitute(environment))
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    if len(sys.argv) == 2:
        walls_of_files(unit)
        files = min(int(unit.get("LimitNOFILE", ["1024"])[0]), most_files)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most_files))
        who = account.pw_name
        os.execvp(
            "setpriv",
            [
                *("setpriv", "--reuid", who, "--regid", who, "--clear-groups"),
                *("--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"),
                *("--", sys.executable, *sys.argv, "as-account"),
            ],
        )
    os.umask(int(unit["UMask"][0], 8))
    os.chdir(unit["WorkingDirectory"][0])
    walls_of_calls(unit)
    os.execve(command[0], command, environment)


if __name__ == "__main__":
    main()
