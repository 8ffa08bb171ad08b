"""The rows that readers see, against what was stored: every answer once, and nothing else."""

import json
from collections import Counter
from typing import Any

from tests.recount.filling import World

_SAMPLED = ("eerder", "eerder_reden")


def fact_faults(world: World, views: Any, queued: Any, published: Any) -> list[str]:
    """What is wrong in `feit_`: answers that are not there as often as they were given.

    `queued` are the ids that still wait, and `published` the rows of lees.reactie: a row has an id
    of its own, so rows are compared by what they hold.
    """
    waiting = set(queued.response_id)
    stored = [each for each in world.stored.values() if each.id not in waiting and not each.is_test]
    faults = []
    for name, is_suspect in (("feit_reactie", False), ("feit_verdacht", True)):
        expected = Counter(
            (each.municipality, each.questionnaire, each.version, each.complete)
            for each in stored
            if bool(each.suspect) is is_suspect
        )
        view = views[name]
        columns = view.gemeente_code, view.vragenlijst, view.vragenlijst_versie, view.volledig
        faults += _differs(name, Counter(zip(*columns, strict=True)), expected)
    faults += _differs(
        "lees.reactie",
        Counter(published.municipality),
        Counter(each.municipality for each in stored),
    )
    return [
        *faults,
        *_answers(stored, views),
        *_invitations(stored, world, views),
        *_details(views),
    ]


def _answers(stored: Any, views: Any) -> list[str]:
    expected: Counter[Any] = Counter()
    for each in stored:
        if not each.suspect:
            for item, answer in json.loads(each.answers).items():
                if item not in _SAMPLED:
                    for value in answer if isinstance(answer, list) else [answer]:
                        expected[each.municipality, each.structure, item, str(value)] += 1
    given = views["feit_antwoord"]
    value = given.waarde.where(given.waarde.notna(), given.code)
    shown: Counter[Any] = Counter()
    for key, one in zip(given.vraag_sleutel, value, strict=True):
        shown[(*key.split("/", 2), str(one))] += 1
    # What the municipality may know anyway is left out of a row where too few share it.
    known = {key for key in expected if key[2] in ("teruggebeld", "uitkomst")}
    for key in known:
        expected.pop(key), shown.pop(key, 0)
    wrong = _differs("feit_antwoord", shown, expected)
    not_applicable = given[given.code == "nvt"]
    if not (not_applicable.nvt.all() and given.nvt.sum() == len(not_applicable)):
        wrong.append("feit_antwoord: nvt does not say that the code is nvt")
    return wrong


def _invitations(stored: Any, world: World, views: Any) -> list[str]:
    """Links of the municipality itself: twice as many as were ever used, and used when readable."""
    rules = {each.number: each.invitations for each in world.catalogue.touchpoints.values()}
    channels = {each.number: each.channel for each in world.catalogue.touchpoints.values()}
    every = [
        each for each in world.stored.values() if each.invitation and not rules[each.touchpoint]
    ]
    issued = Counter((each.municipality, channels[each.touchpoint]) for each in every)
    used = Counter(
        (each.municipality, channels[each.touchpoint])
        for each in stored
        if each.invitation and not rules[each.touchpoint]
    )
    view = views["feit_uitnodiging"].groupby(["gemeente_code", "kanaal"])
    sums = view[["uitgegeven", "gebruikt"]].sum()
    shown = {name: Counter({key: int(n) for key, n in sums[name].items()}) for name in sums}
    twice = Counter({key: 2 * n for key, n in issued.items()})
    return [
        *_differs("feit_uitnodiging, uitgegeven", shown["uitgegeven"], twice),
        *_differs("feit_uitnodiging, gebruikt", shown["gebruikt"], used),
    ]


def _details(views: Any) -> list[str]:
    responses, details = views["feit_reactie"], views["feit_kenmerk"]
    expected = Counter(
        (identity, name, value)
        for identity, told in zip(responses.reactie_id, responses.kenmerken, strict=True)
        for name, value in json.loads(told).items()
        if value is not None
    )
    shown = Counter(zip(details.reactie_id, details.kenmerk, details.waarde, strict=True))
    return _differs("feit_kenmerk", shown, expected)


def _differs(name: str, shown: Counter[Any], expected: Counter[Any]) -> list[str]:
    wrong = {
        key: (shown[key], expected[key])
        for key in shown.keys() | expected.keys()
        if shown[key] != expected[key]
    }
    first = next(iter(wrong.items()), None)
    return [f"{name}: {len(wrong)} counts differ, such as {first}"] if wrong else []
