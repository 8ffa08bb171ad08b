"""Three machines in a network of their own, between which lines can be cut without a word.

Each is a network namespace on one bridge; this machine has an address there too.
"""

import contextlib
import os
import signal
from collections.abc import Iterator

from tests.system.ha.programs import said

MEMBERS = (1, 2, 3)
POSTGRES_PORT = 5432
_HERE = 254


class Network:
    """`number` (1..250) tells it from another one that is there at the same time."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._bridge = f"mpha{number}"

    def space(self, member: int) -> str:
        """The namespace of a member."""
        return f"{self._bridge}n{member}"

    def address(self, member: int) -> str:
        """Where the others find it."""
        return f"10.213.{self._number}.{member}"

    def make(self) -> None:
        said("ip", "link", "add", self._bridge, "type", "bridge")
        here = f"{self.address(_HERE)}/24"
        said("ip", "address", "add", here, "dev", self._bridge)
        said("ip", "link", "set", self._bridge, "up")
        for member in MEMBERS:
            space, outside = self.space(member), f"{self._bridge}v{member}"
            said("ip", "netns", "add", space)
            peer = ("peer", "name", "eth0", "netns", space)
            said("ip", "link", "add", outside, "type", "veth", *peer)
            said("ip", "link", "set", outside, "master", self._bridge, "up")
            self.within(member, "ip", "address", "add", f"{self.address(member)}/24", "dev", "eth0")
            self.within(member, "ip", "link", "set", "eth0", "up")
            self.within(member, "ip", "link", "set", "lo", "up")

    def remove(self) -> None:
        """With every process that is still in it."""
        for member in MEMBERS:
            with contextlib.suppress(RuntimeError):
                self.kill(member)
            with contextlib.suppress(RuntimeError):
                said("ip", "netns", "delete", self.space(member))
        with contextlib.suppress(RuntimeError):
            said("ip", "link", "delete", self._bridge)

    def within(self, member: int, *command: str) -> str:
        """What a command says there."""
        return said("ip", "netns", "exec", self.space(member), *command)

    def processes(self, member: int) -> list[int]:
        """Everything that runs on that machine."""
        return [int(pid) for pid in said("ip", "netns", "pids", self.space(member)).split()]

    def kill(self, member: int) -> None:
        """`kill -9` of everything there."""
        self._tell(member, signal.SIGKILL)

    def freeze(self, member: int) -> None:
        """Nothing there goes on, as when a virtual machine is moved; what comes in waits for it."""
        self._tell(member, signal.SIGSTOP)

    def thaw(self, member: int) -> None:
        """It goes on where it was, and knows nothing of the time between."""
        self._tell(member, signal.SIGCONT)

    def _tell(self, member: int, what: signal.Signals) -> None:
        for pid in self.processes(member):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, what)

    def cut_off(self, member: int) -> None:
        """Nobody hears it any more, and nobody is told."""
        self._drop(member, "-i", "eth0")
        self._drop(member, "-o", "eth0", chain="OUTPUT")

    def split_off(self, member: int) -> None:
        """The other two and it do not hear each other; this machine hears all three."""
        for other in set(MEMBERS) - {member}:
            self._drop(member, "-s", self.address(other))
            self._drop(member, "-d", self.address(other), chain="OUTPUT")

    def follow_no_more(self, member: int) -> None:
        """Nothing of Postgres reaches it or leaves it; all else does."""
        for chain in ("INPUT", "OUTPUT"):
            for port in ("--dport", "--sport"):
                self._drop(member, "-p", "tcp", port, str(POSTGRES_PORT), chain=chain)

    def heal(self) -> None:
        for member in MEMBERS:
            self.within(member, "iptables", "--flush")

    def _drop(self, member: int, *which: str, chain: str = "INPUT") -> None:
        self.within(member, "iptables", "--wait", "-A", chain, *which, "-j", "DROP")


@contextlib.contextmanager
def a_network() -> Iterator[Network]:
    """One for as long as the block lasts."""
    network = Network(os.getpid() % 250 + 1)
    try:
        network.make()
        yield network
    finally:
        network.remove()
