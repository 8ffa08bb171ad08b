"""What is told once: how far contacts came, and who tried another channel first."""

import json
from collections import Counter, defaultdict
from typing import Any

from tests.read_later import read_later
from tests.recount.certainty import wilson
from tests.recount.counts import ENOUGH
from tests.recount.filling import World

np, pd = read_later("numpy"), read_later("pandas")

_OF = ("gemeente_code", "maand", "meetpunt", "product")
_LEFT_OUT = ("sampled-out", "not-this", "withdrawn")
_APART = {"asked-recently": "te_kort_geleden", "opted-out": "afgemeld"}
_STAGES = {
    "sent": "verzonden",
    "delivered": "bezorgd",
    "failed": "mislukt",
    "unknown": "onbekend",
    "expired": "verlopen",
}
_TOLD = (
    *("bekend", "niet_gekozen", *_STAGES.values(), *_APART.values(), "beantwoord", "respons"),
    *("niet_beantwoord", "aandeel_niet_beantwoord"),
    *("aandeel_niet_beantwoord_ondergrens", "aandeel_niet_beantwoord_bovengrens"),
)


def contacts_told(world: World, views: Any) -> Any:
    """The view `uitnodiging_per_maand`. Which products it keeps apart is taken from it: those with
    ten contacts at least; all others of a month and touchpoint must be in the row without one."""
    shown = views["uitnodiging_per_maand"]
    kept = set(zip(shown.gemeente_code, shown.maand, shown.meetpunt, shown["product"], strict=True))
    touchpoints = {each.number: each for each in world.catalogue.touchpoints.values()}
    added: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    months = set(zip(shown.gemeente_code, shown.maand, shown.meetpunt, strict=True))
    for (code, month, number, product), stages in world.contacts.items():
        slug = touchpoints[number].slug
        if (code, month, slug) in months:  # others are not over yet
            own = product if (code, month, slug, product) in kept else ""
            added[code, month, slug, own].update(stages)
    rows = []
    for (code, month, slug, product), stages in added.items():
        place = {"gemeente_code": code, "maand": month, "meetpunt": slug, "product": product}
        rows.append(place | {"bekend": stages["known"]} | _stages(stages))
    # Where nothing of a column is told, it stands there all the same.
    return pd.DataFrame(rows, columns=[each for each in shown.columns if each in (*_OF, *_TOLD)])


def _stages(stages: Counter[str]) -> dict[str, Any]:
    if stages["known"] < ENOUGH:
        return {}
    apart = {name: stages[stage] for stage, name in _APART.items() if stages[stage] >= ENOUGH}
    row: dict[str, Any] = {name: float(stages[stage]) for stage, name in _STAGES.items()} | apart
    row["niet_gekozen"] = sum(stages[stage] for stage in (*_LEFT_OUT, *_APART)) - sum(
        apart.values()
    )
    answered, delivered = stages["answered"], stages["delivered"]
    # A provider may tell of no message that it was delivered, or of some alone.
    asked = delivered if delivered and delivered >= answered else stages["sent"]
    silent = asked - answered
    # Who could not be reached is known to the sender.
    others = silent - (stages["failed"] if asked == stages["sent"] else 0)
    if min(answered, silent, others) >= ENOUGH:
        low, high = wilson(np.float64(silent), np.float64(asked))
        row |= {
            "beantwoord": answered,
            "respons": answered / delivered if delivered else np.nan,
            "niet_beantwoord": silent,
            "aandeel_niet_beantwoord": silent / asked,
            "aandeel_niet_beantwoord_ondergrens": float(low),
            "aandeel_niet_beantwoord_bovengrens": float(high),
        }
    return row


def channel_choice_faults(world: World, views: Any, left: Any, untold: Any) -> list[str]:
    """What is wrong in `kanaalwissel_per_kwartaal`.

    Nobody may read rows with those answers, and which quarter one counts in is drawn from its
    batch. So all quarters together are compared, by channel, with what was answered: told, still to
    be told (`untold`), and still waiting (`left`, ids) are all there is. Within a quarter the parts
    must add up, and figures follow from the numbers.
    """
    shown = views["kanaalwissel_per_kwartaal"]
    faults = []
    waiting = set(left.response_id)
    channels = {each.number: each.channel for each in world.catalogue.touchpoints.values()}
    answered: Counter[tuple[str, str]] = Counter()
    for each in world.stored.values():
        before = json.loads(each.answers).get("eerder", "niet-beantwoord")
        unread = each.suspect or each.is_test or each.id in waiting
        if before != "niet-beantwoord" and not unread:
            answered[each.municipality, channels[each.touchpoint]] += 1
    still = Counter(dict.fromkeys(answered, 0))
    for row in untold[untold.item == "eerder"].itertuples():
        still[row.municipality, channels[row.touchpoint]] += row.n
    totals = shown[shown.onderdeel == "totaal"].groupby(["gemeente_code", "kanaal"])
    for key, rows in totals:
        # Fewer than ten in a quarter are not told how many.
        hidden = int(rows.n.isna().sum())
        missing = answered[key] - still[key] - int(rows.n.fillna(0).astype(int).sum())
        if not 0 <= missing <= 9 * hidden:
            faults.append(f"{key}: {missing} answers in {hidden} quarters without a number")
    for key, quarter in shown.groupby(["gemeente_code", "kwartaal", "kanaal"]):
        faults += [f"{key}: {fault}" for fault in _faults_within(quarter)]
    return faults


def _faults_within(quarter: Any) -> list[str]:
    total = quarter[quarter.onderdeel == "totaal"].iloc[0]
    faults = []
    for part in ("kanaal", "reden"):
        rows = quarter[quarter.onderdeel == part]
        if len(rows) and int(rows.aantal.sum()) != total.aantal:
            faults.append(f"{part} adds up to {rows.aantal.sum()}, not {total.aantal}")
    for row in quarter.itertuples():
        if row.te_weinig:
            figures = row.aantal, row.aandeel, row.ondergrens_95, row.bovengrens_95
            if not all(each is None or np.isnan(each) for each in figures):
                faults.append(f"{row.onderdeel} has a figure of too few")
            continue
        low, high = wilson(np.float64(row.aantal), np.float64(row.n))
        expected = row.aantal / row.n, float(low), float(high)
        shown = row.aandeel, row.ondergrens_95, row.bovengrens_95
        if not np.allclose(shown, expected, rtol=0, atol=1e-9):
            faults.append(f"{row.onderdeel} {row.waarde} has {shown} for {expected}")
    return faults
