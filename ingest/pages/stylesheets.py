"""A municipality's stylesheet: our CSS, its colours, and rules that hide questions. Pure."""

import re
from collections.abc import Iterable, Iterator

from ingest.municipalities.house_style import HouseStyle, custom_properties
from ingest.questionnaires.items import NOT_APPLICABLE, AskIf, Item
from ingest.questionnaires.questionnaire import Questionnaire

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def form_class(questionnaire: Questionnaire) -> str:
    """The class of the form, by which the stylesheet knows which questionnaire it holds."""
    return f"q-{questionnaire.code}-{questionnaire.version}"


def stylesheet(base: str, style: HouseStyle, questionnaires: Iterable[Questionnaire]) -> str:
    """All CSS of a municipality's pages, in one text."""
    rules = "".join(rule for questionnaire in questionnaires for rule in _conditions(questionnaire))
    # A browser without :has() shows every question; answers to hidden ones are dropped on arrival.
    conditions = f"@supports selector(:has(*)) {{\n{rules}}}\n" if rules else ""
    return custom_properties(style) + base + conditions


def _conditions(questionnaire: Questionnaire) -> Iterator[str]:
    form = f"form.{form_class(questionnaire)}"
    for item in questionnaire.items:
        if item.ask_if:
            # A hidden radio stays checked, so questions that depend on it are hidden here as well.
            hidden = ", ".join(
                f"#v-{dependent.code}" for dependent in _hanging_on(item, questionnaire.items)
            )
            answered = _answered(item.ask_if, questionnaire)
            yield f"  {form}:not(:has({answered})) :is({hidden}) {{ display: none; }}\n"


def _hanging_on(item: Item, items: Iterable[Item]) -> list[Item]:
    """The item and every later one that is asked only along with it."""
    codes = {item.code}
    dependents = []
    for other in items:
        if other.code in codes or (other.ask_if and other.ask_if.item in codes):
            codes.add(other.code)
            dependents.append(other)
    return dependents


def _answered(condition: AskIf, questionnaire: Questionnaire) -> str:
    """What matches where the condition is met: by the values that do, or by the fewer others."""
    name = f"[name={_quoted(condition.item)}]"
    values, others = map(str, condition.values), _other_values(condition, questionnaire)
    if others and len(others) + 1 < len(condition.values):
        return f"{name}:checked" + "".join(f":not([value={_quoted(other)}])" for other in others)
    return ", ".join(f"{name}[value={_quoted(value)}]:checked" for value in values)


def _other_values(condition: AskIf, questionnaire: Questionnaire) -> list[str]:
    item = questionnaire.item(condition.item)
    if item is None:
        return []
    every = [*item.values, *([NOT_APPLICABLE] if item.not_applicable else [])]
    return [str(value) for value in every if value not in condition.values]


def _quoted(value: str) -> str:
    """A value within a CSS selector; what is no plain word is written in hexadecimal escapes."""
    if _PLAIN.fullmatch(value):
        return value
    return '"' + "".join(_escaped(character) for character in value) + '"'


def _escaped(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    return f"\\{ord(character):x} "
