"""Which addresses we connect to, and which we never do, however they are written. Pure.

What is not known to be public is refused. The standard library's `is_global` will not do: to Python
3.11 multicast, 192.0.0.8, NAT64, 6to4 and fec0:: are global.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

# Of a municipality's own network: only where its file says `private_network`.
_OWN = tuple(
    ip_network(each)
    for each in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
# This machine: what listens here alone trusts whoever reaches it, and a file is no administrator.
_HERE = tuple(ip_network(each) for each in ("127.0.0.0/8", "::1/128"))
# Nobody's: this host itself, link-local (where clouds keep secrets at 169.254.169.254), assignments
# of protocols, examples, relays, measuring, multicast and what is reserved.
_NEVER_V4 = tuple(
    ip_network(each)
    for each in (
        *("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
    )
)
# Where clouds keep secrets of a machine, outside link-local: Alibaba, Azure, AWS and Google. Three
# lie within networks of one's own.
_OF_CLOUDS = tuple(
    ip_address(each)
    for each in ("100.100.100.200", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254")
)
_PUBLIC_V6 = ip_network("2000::/3")
# Within it: protocols (Teredo among them), examples, and IPv4 inside IPv6 (6to4).
_NEVER_V6 = tuple(
    ip_network(each) for each in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
_NAT64 = ip_network("64:ff9b::/96")


def is_private(address: Address) -> bool:
    """Whether it lies in a network of one's own, or is this machine."""
    return any(address in network for network in (*_OWN, *_HERE))


def may_reach(address: Address, *, private: bool, here: bool = False) -> bool:
    """Whether we connect to this address; `private` also allows a network that is not public.

    With `here` that includes this machine itself.
    """
    if address in _OF_CLOUDS:
        return False
    if any(address in network for network in _HERE):
        return private and here
    if is_private(address):
        return private
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NEVER_V4)
    if address in _NAT64:
        # Where there is only IPv6, every IPv4 host has such an address; it leads to a public one.
        return may_reach(IPv4Address(int(address) & 0xFFFFFFFF), private=False)
    return address in _PUBLIC_V6 and not any(address in network for network in _NEVER_V6)


def address_of(text: str) -> Address:
    """An address as the system writes it. Raises ValueError, also with a scope (`%eth0`)."""
    address = ip_address(text)
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        raise ValueError("an address with a scope leads somewhere else on each machine")
    return address
