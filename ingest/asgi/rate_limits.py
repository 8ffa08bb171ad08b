"""Limits how many tokens a touchpoint and an address may ask for, in the memory of one process.

Anybody may ask for a token of an open link or a widget, so there must be a limit. It is generous,
because a whole town hall may share one address. No address is kept: it is counted under a keyed
hash, whose salt stays in memory and changes every day.

The monotonic clock counts the time, so setting the wall clock locks nobody out.
"""

import hmac
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from secrets import token_bytes

# Unless an operator sets others.
ADDRESS_PER_MINUTE = 600
TOUCHPOINT_PER_MINUTE = 6_000
FIRSTS_PER_MINUTE = 6_000
MOST_KEYS = 100_000
BY_ADDRESS = "tokens-by-address"
BY_TOUCHPOINT = "tokens-by-touchpoint"
BY_DAY = "forms-by-day"

_MINUTE = 60.0
_DAY = 86_400.0
_CODE_BYTES = 16
_IPV6_NETWORK_BYTES = 8
_IPV6_SITE_BYTES = 6
_ADDRESSES_OF_A_SITE = 5


class TooManyRequests(Exception):
    """The limit with this name is reached; after `retry_after_seconds` (at least 1) it is not."""

    def __init__(self, limit: str, retry_after_seconds: int) -> None:
        self.limit = limit
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"{limit}: try again after {retry_after_seconds} seconds")


class TokenLimits:
    """The two limits on tokens that anybody may ask for.

    They count in this process alone: with several workers, each allows as much. At most
    `most_keys` addresses are remembered; the one that was silent longest is forgotten first.
    `clock` tells seconds and never goes back. The first `first_per_minute` of an address are taken
    also where others fill the limit of the touchpoint; 0 for none. Of those it takes at most
    `firsts_per_minute` beyond that limit, and of one IPv6 site (/48) as many as of one address:
    whoever is given such a site has 65,536 networks, each of which counts as an address.
    """

    def __init__(
        self,
        *,
        address_per_minute: int = ADDRESS_PER_MINUTE,
        touchpoint_per_minute: int = TOUCHPOINT_PER_MINUTE,
        first_per_minute: int = 0,
        firsts_per_minute: int = FIRSTS_PER_MINUTE,
        most_keys: int = MOST_KEYS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._addresses = _Allowance(address_per_minute, most_keys)
        self._firsts = _Allowance(first_per_minute, most_keys) if first_per_minute else None
        self._sites = _Allowance(address_per_minute, most_keys)
        self._beyond = _Allowance(firsts_per_minute, most_keys)
        self._touchpoints = _Allowance(touchpoint_per_minute, most_keys)
        self._salt = b""
        self._salted_at = -math.inf

    def take(self, touchpoint: int, address: str) -> bool:
        """Count one token for this touchpoint's number and this address ("" where there is none).

        Returns whether it was taken beyond the touchpoint's limit, as one of the first of its
        address. Raises TooManyRequests and then counts nothing: asking too early makes nobody wait
        longer.
        """
        seconds = self._clock()
        code = self._code(_visitor(address), seconds)
        by_touchpoint = touchpoint.to_bytes(4, "big")
        # A connection without an address came through a Unix socket: there is nobody to count.
        wait = self._addresses.wait_seconds(code, seconds) if address else 0
        if wait > 0:
            raise TooManyRequests(BY_ADDRESS, math.ceil(wait))
        wait = self._touchpoints.wait_seconds(by_touchpoint, seconds)
        site = self._code(_site(address), seconds)
        is_first = bool(address) and self._is_first(code, site, seconds)
        if wait > 0 and not (is_first and self._beyond.wait_seconds(by_touchpoint, seconds) <= 0):
            raise TooManyRequests(BY_TOUCHPOINT, math.ceil(wait))
        if address:
            self._addresses.take(code, seconds)
        if is_first and self._firsts:
            self._firsts.take(code, seconds)
            self._sites.take(site, seconds)
        # Either may lie at most a minute ahead, or others would wait for longer than that.
        (self._beyond if wait > 0 else self._touchpoints).take(by_touchpoint, seconds)
        return wait > 0

    def _is_first(self, code: bytes, site: bytes, seconds: float) -> bool:
        return (
            self._firsts is not None
            and self._firsts.wait_seconds(code, seconds) <= 0
            and self._sites.wait_seconds(site, seconds) <= 0
        )

    def _code(self, counted: bytes, now: float) -> bytes:
        if now - self._salted_at >= _DAY:
            self._salt = token_bytes(32)
            self._salted_at = now
            # Codes under yesterday's salt can never be asked for again.
            self._addresses.forget()
            self._sites.forget()
            if self._firsts:
                self._firsts.forget()
        return hmac.digest(self._salt, counted, "sha256")[:_CODE_BYTES]


class DayLimit:
    """So many a day for each address at each touchpoint, in this process alone.

    One IPv6 site (/48) has as many as five addresses. All that was counted is forgotten a day after
    the first, with the salt under which it was; at most `most_keys` are remembered.
    """

    def __init__(
        self,
        per_day: int,
        *,
        most_keys: int = MOST_KEYS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._per_day = per_day
        self._most_keys = most_keys
        self._taken: OrderedDict[bytes, int] = OrderedDict()
        self._salt = b""
        self._began_at = -math.inf

    def take(self, touchpoint: int, address: str) -> None:
        """Count one. Raises TooManyRequests and then counts nothing."""
        if not address:
            return  # through a Unix socket: there is nobody to count
        now = self._clock()
        if now - self._began_at >= _DAY:
            self._taken.clear()
            self._salt, self._began_at = token_bytes(32), now
        visitor, site = _visitor(address), _site(address)
        most = {self._key(touchpoint, visitor): self._per_day}
        most.setdefault(self._key(touchpoint, site), _ADDRESSES_OF_A_SITE * self._per_day)
        if any(self._taken.get(key, 0) >= n for key, n in most.items()):
            raise TooManyRequests(BY_DAY, max(1, math.ceil(self._began_at + _DAY - now)))
        for key in most:
            self._taken[key] = self._taken.get(key, 0) + 1
            self._taken.move_to_end(key)
            if len(self._taken) > self._most_keys:
                self._taken.popitem(last=False)

    def give_back(self, touchpoint: int, address: str) -> None:
        """Count one less: what was taken came to nothing. Not of a day that is over."""
        for key in {self._key(touchpoint, each(address)) for each in (_visitor, _site)}:
            if self._taken.get(key, 0) > 0:
                self._taken[key] -= 1

    def _key(self, touchpoint: int, counted: bytes) -> bytes:
        whole = touchpoint.to_bytes(4, "big") + counted
        return hmac.digest(self._salt, whole, "sha256")[:_CODE_BYTES]


class _Allowance:
    """So many a minute for each key; all of them may be taken at once.

    For each key one number is kept: the moment from which it has its full allowance again. Every
    take moves that moment into the future; it may lie at most a minute ahead.
    """

    def __init__(self, per_minute: int, most_keys: int) -> None:
        self._step = _MINUTE / per_minute
        self._most_keys = most_keys
        self._rested_at: OrderedDict[bytes, float] = OrderedDict()

    def wait_seconds(self, key: bytes, now: float) -> float:
        """How long until one may be taken; 0 or less: now."""
        # A little less, so that rounding does not refuse the last one of a minute.
        return self._rested(key, now) + self._step - now - _MINUTE - 1e-6

    def take(self, key: bytes, now: float) -> None:
        self._rested_at[key] = self._rested(key, now) + self._step
        self._rested_at.move_to_end(key)
        if len(self._rested_at) > self._most_keys:
            self._rested_at.popitem(last=False)

    def forget(self) -> None:
        self._rested_at.clear()

    def _rested(self, key: bytes, now: float) -> float:
        return max(self._rested_at.get(key, now), now)


def _visitor(address: str) -> bytes:
    """The bytes of one visitor: an IPv4 address, or the /64 network of an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return b"unreadable"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return parsed.packed[:_IPV6_NETWORK_BYTES]
        parsed = parsed.ipv4_mapped
    return parsed.packed


def _site(address: str) -> bytes:
    """The bytes of one site: an IPv4 address, or the /48 network of an IPv6 address."""
    visitor = _visitor(address)
    return visitor[:_IPV6_SITE_BYTES] if len(visitor) == _IPV6_NETWORK_BYTES else visitor
