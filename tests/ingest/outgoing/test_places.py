"""Which addresses are never connected to, each with one beside it that is."""

from ipaddress import ip_address

import pytest

from ingest.outgoing.client import Client, is_one_host
from ingest.outgoing.places import address_of, may_reach

PUBLIC = (
    "8.8.8.8",
    "145.45.1.1",
    "172.15.255.255",
    "172.32.0.1",
    "2a00:1450:4001::1",
    "64:ff9b::808:808",
    "168.63.129.17",
)
PRIVATE = (
    *("10.0.0.1", "100.64.0.1", "172.16.0.1", "172.31.255.255"),
    *("192.168.1.1", "fc00::1", "fd12:3456::1"),
    *("100.100.100.201", "fd00:ec2::253", "fd20:ce::255"),
)
HERE = ("127.0.0.1", "127.255.255.254", "::1")
NEVER = (
    *(
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
    ),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255"),
    *("::", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "fe80::1"),
    *("fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe"),
    *("64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:808:808::1", "2001::1", "2001:db8::1"),
    *("3fff::1", "100::1", "5f00::1"),
    # Where Alibaba, Azure, AWS and Google keep secrets of a machine.
    *("100.100.100.200", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254"),
    *("64:ff9b::6464:64c8", "64:ff9b::a83f:8110"),
)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_reached(address: str) -> None:
    assert may_reach(ip_address(address), private=False)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_network_of_ones_own_only_where_the_file_says_so(address: str) -> None:
    assert not may_reach(ip_address(address), private=False)
    assert may_reach(ip_address(address), private=True)


@pytest.mark.parametrize("address", HERE)
def test_this_machine_only_where_its_administrator_says_so_too(address: str) -> None:
    assert not may_reach(ip_address(address), private=True)
    assert not may_reach(ip_address(address), private=False, here=True)
    assert may_reach(ip_address(address), private=True, here=True)


@pytest.mark.parametrize("address", NEVER)
def test_what_is_nobodys_is_reached_by_no_setting(address: str) -> None:
    assert not may_reach(ip_address(address), private=False)
    assert not may_reach(ip_address(address), private=True, here=True)


def test_an_address_of_one_network_card_is_none() -> None:
    with pytest.raises(ValueError, match="scope"):
        address_of("fe80::1%eth0")
    assert address_of("fe80::1")


@pytest.mark.parametrize(
    "host",
    [
        *("2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.1", "010.0.0.1"),
        *("1.2.3.4.5", "999.1.1.1", "a.0x7f", "[::127.0.0.001]", "[0:0:0:0:0:0:0:1]", "a..b"),
        *("[::ffff:7f00:1]", "[::ffff:808:808]"),
    ],
)
def test_a_number_that_only_some_programs_read_as_an_address_is_no_host(host: str) -> None:
    assert not is_one_host(host)
    with pytest.raises(ValueError, match="plain web address"):
        Client(f"https://{host}", private=True)


@pytest.mark.parametrize(
    "host", ["api.voorbeeld.example", "127.0.0.1", "[::1]", "xn--80ak6aa92e.example"]
)
def test_a_name_and_an_address_in_its_usual_spelling_are(host: str) -> None:
    assert is_one_host(host)
    assert Client(f"https://{host}/v1/", private=True)


@pytest.mark.parametrize(
    "base",
    [
        *("https://user@api.voorbeeld.example", "https://user:pass@127.0.0.1", "ftp://a.example"),
        *("https://a.example\\@b.example", "https://a.example#@b.example", "https://a.example?x"),
        *("https://a.example:99999", "https://a.example:65536"),
        *("https://a.example:0", "https://a.example/../x y", "https://Ａ.example", "//a.example"),
        *(
            "https://a.example/\r\nHost: b",
            "https://[fe80::1%25eth0]",
            "HTTPS://A.EXAMPLE",
            "file:///x",
        ),
    ],
)
def test_an_address_that_can_be_read_in_two_ways_is_none(base: str) -> None:
    with pytest.raises(ValueError, match="plain web address"):
        Client(base)
