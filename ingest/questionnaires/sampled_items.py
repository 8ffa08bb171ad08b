"""Which items only a sample of the residents is asked, and in place of which. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from ingest.questionnaires.items import FilePath, Item

MOST_FOLLOWERS = 2
"""How many items may be asked after the one of a sample."""

NOT_ANSWERED = "niet-beantwoord"
"""Stored for the item of a sample where it was asked and passed over: so it is known who was asked.
No option can have this code, because it holds a hyphen."""


def sampled_codes(items: Sequence[Item]) -> tuple[str, ...]:
    """The item that is asked of a sample, and those that are only asked after it."""
    codes: list[str] = []
    for item in items:
        if item.asked_of or (item.ask_if and item.ask_if.item in codes):
            codes.append(item.code)
    return tuple(codes)


def sample_faults(
    items: Sequence[Item], earlier: Sequence[Item] = ()
) -> Iterator[tuple[FilePath, str]]:
    """What is wrong in who is asked what, of `items` that follow on `earlier` ones of the core."""
    every = (*earlier, *items)
    by_code = {item.code: item for item in every}
    sampled = sampled_codes(every)
    replaced = {item.instead_of for item in every if item.instead_of}
    first = next((item.code for item in every if item.asked_of), None)
    for index, item in enumerate(items):
        for key, message in _faults_of_keys(item, first):
            yield ("items", index, key), message
        if item.instead_of:
            fault = _fault_of_replaced(item, by_code)
            if fault:
                yield ("items", index, "instead_of"), fault
        if item.ask_if and item.ask_if.item in replaced:
            yield ("items", index, "ask_if"), f"`{item.ask_if.item}` is not asked of everybody"
        if item.code in sampled:
            for key, message in _faults_of_sampled(item):
                yield ("items", index, key), message
    if len(sampled) > 1 + MOST_FOLLOWERS:
        followers = len(sampled) - 1
        message = f"{followers} items follow on `{first}`; at most {MOST_FOLLOWERS}"
        yield ("items",), message


def _faults_of_keys(item: Item, first: str | None) -> Iterator[tuple[str, str]]:
    if bool(item.asked_of) != bool(item.instead_of):
        yield (
            "asked_of" if item.asked_of else "instead_of",
            "`asked_of` and `instead_of` come together: who is asked more is asked something less",
        )
    if item.asked_of and item.code != first:
        yield "asked_of", f"only one item can be asked of a sample, and `{first}` is"
    if item.asked_of and item.ask_if:
        yield "asked_of", "what is asked of a sample is asked of everybody in it; no `ask_if`"


def _faults_of_sampled(item: Item) -> Iterator[tuple[str, str]]:
    # Its answers become counts of codes, and are in no row that somebody reads.
    if item.kind != "choice":
        yield "kind", f"what is asked of a sample is counted by code: a `choice`, no `{item.kind}`"
    if item.required:
        yield "required", "what is asked of a sample cannot be required"
    if item.not_applicable:
        yield "not_applicable", "what is asked of a sample can be skipped; no `not_applicable`"
    if item.indicator:
        yield "indicator", "what is asked of a sample has no indicator: its figures are apart"
    if not item.core:
        yield "code", "only shared items can be asked of a sample, or follow on one that is"


def _fault_of_replaced(item: Item, by_code: Mapping[str, Item]) -> str | None:
    replaced = by_code.get(item.instead_of or "")
    if replaced is None or replaced is item:
        return f"`{item.instead_of}` is no other item of this questionnaire"
    if replaced.required:
        return f"`{replaced.code}` is required, so everybody is asked it"
    if replaced.declared.holds == "text":
        return f"`{replaced.code}` is an open text; everybody may write"
    if replaced.ask_if:
        return f"`{replaced.code}` is not asked of everybody to begin with"
    return None
