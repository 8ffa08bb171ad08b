"""How well the screening does on the labelled sentences: precision and recall for each kind.

`python -m tests.ingest.responses.screening_figures` prints them, with each miss and false alarm.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from ingest.responses.screening import Found, find_personal_data

LABELLED = Path(__file__).parents[2] / "data" / "screening.jsonl"
FIGURES = Path(__file__).parents[3] / "build" / "screening.json"
KINDS = ("bsn", "iban", "e-mail", "telefoon", "adres", "kenteken")

_LABEL = re.compile(
    r"<(?P<kind>bsn|iban|e-mail|telefoon|adres|kenteken)>(?P<span>.*?)</(?P=kind)>", re.DOTALL
)


class Sentence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sentence as a resident may write it, and what in it is personal data.

    In the file the data stands between tags: `mijn bsn is <bsn>123456782</bsn>`. `about` tells what
    a near miss nearly is, or with `hard:` why a case is hard.
    """

    text: str
    language: str
    about: str = ""
    labels: tuple[Found, ...] = ()


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one kind. A label counts as found when exactly all of it was masked."""

    kind: str
    labelled: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.labelled


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence: the labels that were missed, and what was masked that is no label."""

    sentence: Sentence
    right: tuple[Found, ...]
    missed: tuple[Found, ...]
    false_alarms: tuple[Found, ...]


def labelled_sentences() -> Iterator[Sentence]:
    """The whole set, with the tags taken out."""
    for line in LABELLED.read_bytes().splitlines():
        yield _untagged(msgspec.json.decode(line, type=Sentence))


def _untagged(tagged: Sentence) -> Sentence:
    pieces: list[str] = []
    labels: list[Found] = []
    position = length = 0
    for match in _LABEL.finditer(tagged.text):
        before = tagged.text[position : match.start()]
        start = length + len(before)
        length = start + len(match["span"])
        labels.append(Found(start=start, end=length, kind=match["kind"]))
        pieces += [before, match["span"]]
        position = match.end()
    pieces.append(tagged.text[position:])
    return msgspec.structs.replace(tagged, text="".join(pieces), labels=tuple(labels))


def judge(sentence: Sentence) -> Verdict:
    """Compare what the screening finds with the labels; a bracket more or less is no difference."""
    found = {
        _without_brackets(one, sentence.text): one for one in find_personal_data(sentence.text)
    }
    labels = {_without_brackets(one, sentence.text): one for one in sentence.labels}
    return Verdict(
        sentence=sentence,
        right=tuple(found[key] for key in found if key in labels),
        missed=tuple(labels[key] for key in labels if key not in found),
        false_alarms=tuple(found[key] for key in found if key not in labels),
    )


def _without_brackets(found: Found, text: str) -> Found:
    start, end = found.start, found.end
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return Found(start=start, end=end, kind=found.kind)


def figures_of(verdicts: Sequence[Verdict]) -> list[Figures]:
    """One line of figures for each kind."""

    def count(kind: str, found: Iterator[Found]) -> int:
        return sum(one.kind == kind for one in found)

    return [
        Figures(
            kind=kind,
            labelled=count(kind, (one for v in verdicts for one in v.sentence.labels)),
            found=count(kind, (one for v in verdicts for one in v.right + v.false_alarms)),
            right=count(kind, (one for v in verdicts for one in v.right)),
        )
        for kind in KINDS
    ]


def table(figures: Sequence[Figures]) -> str:
    """The figures as people read them."""
    lines = [f"{'kind':10}{'labelled':>9}{'masked':>8}{'right':>7}{'precision':>11}{'recall':>8}"]
    lines += [
        f"{one.kind:10}{one.labelled:9}{one.found:8}{one.right:7}"
        f"{one.precision:11.3f}{one.recall:8.3f}"
        for one in figures
    ]
    return "\n".join(lines)


def write_figures(figures: Sequence[Figures]) -> None:
    """Leave the figures in build/screening.json, for a release's notes."""
    FIGURES.parent.mkdir(exist_ok=True)
    kinds = {
        one.kind: {
            "labelled": one.labelled,
            "masked": one.found,
            "right": one.right,
            "precision": round(one.precision, 3),
            "recall": round(one.recall, 3),
        }
        for one in figures
    }
    FIGURES.write_text(json.dumps(kinds, indent=2) + "\n")


def main() -> None:
    """Print the figures, the misses and the false alarms."""
    verdicts = [judge(sentence) for sentence in labelled_sentences()]
    figures = figures_of(verdicts)
    write_figures(figures)
    write = sys.stdout.write
    write(f"{len(verdicts)} sentences\n{table(figures)}\n")
    for verdict in verdicts:
        text = verdict.sentence.text
        for heading, found in (("missed", verdict.missed), ("false alarm", verdict.false_alarms)):
            for one in found:
                what = repr(text[one.start : one.end])
                write(f"{heading:12}{one.kind:10}{what}  in {text!r} ({verdict.sentence.about})\n")


if __name__ == "__main__":
    main()
