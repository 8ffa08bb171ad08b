"""One in so many residents is asked something else than the others, in place of one item.

The id of a token decides who, so each token has one path: on pages, in the API and when its answers
come in. It is the first four bytes of the id, read as a fraction of one: below one tenth, a tenth
of all random ids is asked, to less than one in four thousand million. One byte alone would make
it 26 of 256. A kiosk has no token, and asks what most are asked.
"""

from collections.abc import Mapping
from functools import lru_cache
from secrets import token_bytes
from typing import Any

import msgspec

from ingest.questionnaires.questionnaire import Questionnaire
from ingest.questionnaires.sampled_items import NOT_ANSWERED, sampled_codes

_DECIDING = 4
_ID_BYTES = 16


def is_sampled(questionnaire: Questionnaire, token_id: bytes) -> bool:
    """Whether the resident with this token, by its random id, is one of those who are asked."""
    asked_of = questionnaire.asked_of
    if asked_of is None:
        return False
    return int.from_bytes(token_id[:_DECIDING], "big") * asked_of < 1 << 8 * _DECIDING


def path_of(questionnaire: Questionnaire, *, sampled: bool) -> Questionnaire:
    """What is asked of the sample, or of all others: the same questionnaire with fewer items."""
    if questionnaire.asked_of is None or questionnaire.left_out:
        return questionnaire
    return _paths(questionnaire)[sampled]


def path_for(questionnaire: Questionnaire, token_id: bytes) -> Questionnaire:
    """What is asked of the resident with this token."""
    if questionnaire.asked_of is None:
        return questionnaire
    return path_of(questionnaire, sampled=is_sampled(questionnaire, token_id))


def id_on(questionnaire: Questionnaire, *, sampled: bool | None) -> bytes:
    """A random id of a token whose resident is `sampled`, or is not. None: as chance decides."""
    while True:
        token_id = token_bytes(_ID_BYTES)
        is_right = questionnaire.asked_of is None or sampled is None
        if is_right or is_sampled(questionnaire, token_id) is sampled:
            return token_id


def id_like(token_id: bytes) -> bytes:
    """A random id for another token of the same resident: it begins the same, so it asks the same.

    96 bits of it are new. That is enough for no two to be alike.
    """
    return token_id[:_DECIDING] + token_bytes(_ID_BYTES - _DECIDING)


def as_stored(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answers along one path, and where a sample was asked and passed over, that it was."""
    if questionnaire.asked_of is None:
        return answers
    return {sampled_codes(questionnaire.items)[0]: NOT_ANSWERED, **answers}


@lru_cache(maxsize=512)
def _paths(questionnaire: Questionnaire) -> tuple[Questionnaire, Questionnaire]:
    """What most are asked, and what the sample is asked."""
    extra = frozenset(sampled_codes(questionnaire.items))
    replaced = frozenset(item.instead_of for item in questionnaire.items if item.instead_of)
    return _without(questionnaire, extra), _without(questionnaire, replaced)


def _without(questionnaire: Questionnaire, left_out: frozenset[str]) -> Questionnaire:
    items = tuple(item for item in questionnaire.items if item.code not in left_out)
    return msgspec.structs.replace(questionnaire, items=items, left_out=left_out)
