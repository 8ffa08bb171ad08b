"""What deploy/patroni gives to who sets a cluster up: Patroni takes it, and the page says it."""

import os
import re

from tests.system.ha.network import Network
from tests.system.ha.settings import ALL, CALLED, SHIPPED, of_patroni
from tests.system.running import ROOT

_AGREED = ALL["bootstrap"]["dcs"]


def test_the_times_are_those_that_patroni_takes() -> None:
    """It would change others by itself. A lock that is renewed late must not run out for that."""
    assert _AGREED["ttl"] >= 20
    assert _AGREED["loop_wait"] + 2 * _AGREED["retry_timeout"] <= _AGREED["ttl"]
    # Who follows renews its own key at every second look where the first one came too soon.
    assert 2 * _AGREED["loop_wait"] < _AGREED["ttl"]


def test_the_page_says_how_long_the_lock_of_a_silent_primary_lasts() -> None:
    page = (ROOT / "deploy" / "README.md").read_text("utf-8")
    least = _AGREED["ttl"] - _AGREED["loop_wait"]
    assert f"lasts {least} to {_AGREED['ttl']} seconds" in page
    comments = (SHIPPED / "cluster.yml").read_text("utf-8")
    assert re.search(rf"after {least} to {_AGREED['ttl']} seconds", comments)


def test_what_patroni_calls_is_there_and_may_be_run() -> None:
    assert os.access(SHIPPED / CALLED, os.X_OK)


def test_the_drill_runs_with_what_is_shipped() -> None:
    """And a mode differs from it in no more than whom a commit waits for."""
    network = Network(1)
    for mode, differs in (("strict", set()), ("sync", {"synchronous_mode_strict"})):
        told = of_patroni(network, 1, SHIPPED, mode=mode)["bootstrap"]["dcs"]
        own = {key for key, value in _AGREED.items() if key != "postgresql" and told[key] != value}
        assert own == differs
        assert (
            _AGREED["postgresql"]["parameters"].items() <= told["postgresql"]["parameters"].items()
        )
