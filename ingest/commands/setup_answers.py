"""Where the answers of `meetpunt setup` come from: options, the last time, questions, or ours."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import msgspec

from ingest.commands.environment import fail
from ingest.installing.machine import cores_to_use, has
from ingest.installing.wanted import (
    BACKUPS,
    CHECKS,
    LOCAL,
    Proxy,
    Town,
    Wanted,
    faults,
    proxy_of,
    slug_of_name,
)

type_of_given = Mapping[str, Any]


class Asking:
    """Answers one by one; what nobody gave is collected, so that all of it is told at once."""

    def __init__(self, given: type_of_given, before: type_of_given, *, may_ask: bool) -> None:
        self._given = given
        self._before = before
        self._may_ask = may_ask
        self.missing: list[str] = []
        self.chosen: set[str] = set()

    def of(
        self,
        option: str,
        question: str,
        *,
        suggested: str | None = None,
        must: bool = False,
        why: str = "",
    ) -> str:
        """The answer for `--option`. `must`: there is none that we may choose ourselves.

        `why`: what is told beside the option where it is missing. `chosen` has what we chose.
        """
        name = option.replace("-", "_")
        if (given := self._given.get(name)) is not None:
            return str(given)
        if (before := self._before.get(name)) is not None:
            return str(before)
        if self._may_ask:
            return self._asked(option, question, suggested)
        if must or suggested is None:
            self.missing.append(f"--{option}{why}")
            return ""
        self.chosen.add(option)
        return suggested

    @staticmethod
    def _asked(option: str, question: str, suggested: str | None) -> str:
        """What somebody typed, once it can be."""
        check = CHECKS.get(option)
        while True:
            # Nothing typed is an answer here, for click would ask again without a word.
            typed: str = click.prompt(
                question, default=suggested or "", show_default=suggested is not None
            ).strip()
            fault = check(typed) if check else None
            if not typed and suggested is None:
                click.echo(f"It cannot be left out{f', and {fault}' if fault else ''}.")
            elif (not typed and not suggested) or fault is None:
                return typed
            else:
                click.echo(f"It {fault}.")


def wanted_of(given: type_of_given, before: Wanted | None, *, needs_town: bool) -> Wanted:
    """All answers, or the end of the command with every one that is missing or cannot be.

    `before`: those of the last time. `needs_town`: there is no file of a municipality yet.
    """
    asking = Asking(given, _flat(before), may_ask=_may_ask(given))
    town = _town_of(asking) if needs_town else before.town if before else None
    site = town.site if town else ""
    host = asking.of(
        "host",
        "Under which name do residents reach it",
        suggested=f"kto.{site.partition('://')[2].removeprefix('www.')}" if site else None,
        must=True,
    )
    proxy = proxy_of(
        asking.of("proxy", f"Which proxy ({', '.join(Proxy)})", suggested=_proxy_here())
    )
    certificate, key = _certificate_of(asking, proxy)
    security = asking.of(
        "security-txt",
        "Where the security.txt of the municipality is",
        suggested=f"{site}/.well-known/security.txt" if site or needs_town else None,
    )
    backup = asking.of("backup", "Where backups go, best on another disk", suggested=str(BACKUPS))
    workers = asking.of("workers", "How many workers", suggested=str(cores_to_use(True)))
    if asking.missing:
        fail(f"give {', '.join(asking.missing)} too, or run it in a terminal, where it asks.")
    wanted = Wanted(
        host=host,
        proxy=proxy,
        certificate=Path(certificate) if certificate else None,
        certificate_key=Path(key) if key else None,
        security=security,
        postgres=_postgres_of(given, before),
        backup=None if given.get("no_backup") else Path(backup),
        encrypted=_flag(given, before),
        workers=int(workers),
        town=town,
    )
    if wrong := faults(wanted, derived=asking.chosen):
        fail("\n".join(wrong))
    return wanted


def _may_ask(given: type_of_given) -> bool:
    return not given.get("no_questions") and sys.stdin.isatty()


def _flag(given: type_of_given, before: Wanted | None) -> bool:
    if (chosen := given.get("encrypt")) is not None:
        return bool(chosen)
    return before.encrypted if before else True


def _postgres_of(given: type_of_given, before: Wanted | None) -> str | None:
    chosen: str | None = given.get("postgres")
    if chosen is None:
        return before.postgres if before else None
    if chosen == "own":
        return None
    if chosen == "local":
        return LOCAL
    if not chosen.startswith(("postgresql://", "postgres://")):
        fail("--postgres is own, local, or a URL that begins with postgresql://.")
    if urlsplit(chosen).password:
        fail(
            "leave the password out of --postgres, where others see it: it is asked for, or put it "
            "in PGPASSWORD."
        )
    return chosen


def _town_of(asking: Asking) -> Town:
    name = asking.of("name", 'The municipality\'s name, without "Gemeente"', must=True)
    made = slug_of_name(name) or (None if name else "")  # of no name: that is what is told
    slug = asking.of("slug", "Its name in web addresses, for ever", suggested=made)
    return Town(
        name=name,
        slug=slug,
        code=asking.of("code", "Its code of CBS, such as GM0405", must=True),
        region=asking.of("region", "A word for the region that it compares in", suggested=slug),
        site=asking.of("site", "Its site", suggested=f"https://www.{slug}.nl", must=True),
    )


def _certificate_of(asking: Asking, proxy: Proxy) -> tuple[str, str]:
    if proxy is Proxy.NONE:
        return "", ""
    why = f" ({proxy} was found here; --proxy names another)" if "proxy" in asking.chosen else ""
    if proxy is Proxy.HAPROXY:
        question = "One file with certificate, chain and key"
        return asking.of("certificate", question, must=True, why=why), ""
    free = proxy is Proxy.CADDY
    suggested = "" if free else None
    nothing = " (nothing: Caddy fetches one)" if free else ""
    question = f"The certificate with its chain{nothing}"
    certificate = asking.of("certificate", question, suggested=suggested, why=why)
    if not certificate:
        return "", ""
    return certificate, asking.of("certificate-key", "Its key", must=True)


def _proxy_here() -> str:
    """The one that is installed, if there is one."""
    return next((each for each in Proxy if has(each)), Proxy.NONE)


def _flat(before: Wanted | None) -> dict[str, Any]:
    """The answers of the last time by the names of their options."""
    if before is None:
        return {}
    told: dict[str, Any] = msgspec.to_builtins(before, enc_hook=str)
    return {**told, **(told.pop("town") or {}), "security_txt": told["security"]}
