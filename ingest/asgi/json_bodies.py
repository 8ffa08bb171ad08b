"""JSON bodies, read strictly: what is not as asked for is refused, with all that is wrong."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from ingest.asgi.messages import InvalidParam

Body = TypeVar("Body", bound=msgspec.Struct)

_MOST_TOLD = 20
_MOST_CHARACTERS = 100
_CODES = {
    "missing required field": "required",
    "unknown field": "unknown-field",
    "length": "out-of-range",
    ">=": "out-of-range",
    "<=": "out-of-range",
}


class BodyUnreadable(Exception):
    """The body is not JSON in UTF-8, or not of the shape asked for; `params` say what is wrong."""

    def __init__(self, params: tuple[InvalidParam, ...] = ()) -> None:
        self.params = params
        super().__init__(", ".join(f"{param.name}: {param.code}" for param in params))


class JsonBody(Generic[Body]):
    """Reads bodies of one shape: `kind`, a struct that forbids unknown fields.

    `fewest_keys` says how many keys the JSON of a body has at the least; counting is quicker than
    looking whether one came twice.
    """

    def __init__(self, kind: type[Body], fewest_keys: Callable[[Body], int] = lambda _: 0) -> None:
        self._kind = kind
        self._decode = msgspec.json.Decoder(kind).decode
        self._fewest_keys = fewest_keys

    def read(self, body: bytes) -> Body:
        """The body as a struct. Raises `BodyUnreadable`.

        Of a key that comes twice only one value would be kept, and nobody knows which was meant.
        """
        try:
            read = self._decode(body)
            # A colon follows every key: with as few colons as there are keys, none came twice.
            if body.count(b":") > self._fewest_keys(read):
                json.loads(body, object_pairs_hook=_once_each)
        except msgspec.ValidationError:
            raise BodyUnreadable(self._everything_wrong(body)) from None
        # Decoders recurse with what they decode, and say in several ways that bytes are not text.
        except (msgspec.DecodeError, ValueError, RecursionError):
            raise BodyUnreadable from None
        return read

    def _everything_wrong(self, body: bytes) -> tuple[InvalidParam, ...]:
        """Of a body that is JSON: every field that is missing, unknown or of another type."""
        try:
            found = msgspec.json.decode(body)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return ()
        if not isinstance(found, dict):
            return ()
        params = []
        fields = {field.encode_name: field for field in msgspec.structs.fields(self._kind)}
        for name, field in fields.items():
            if name not in found:
                if field.required:
                    params.append(_param(name, "required", "This field is needed."))
                continue
            try:
                msgspec.convert(found[name], field.type)
            except msgspec.ValidationError as fault:
                params.append(_fault(name, str(fault)))
        strangers = [name for name in found if name not in fields][:_MOST_TOLD]
        return (
            *params,
            *(_param(name, "unknown-field", "This field is not known here.") for name in strangers),
        )


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise BodyUnreadable((_param(twice, "repeated-field", "This field came twice."),))
    return found


def _fault(name: str, told: str) -> InvalidParam:
    """A decoder's own words: a sentence, and a path within the field ("... - at `$[3].x`")."""
    reason, _, within = told.partition(" - at `$")
    code = next((code for words, code in _CODES.items() if words in reason), "wrong-type")
    return _param(name + within.rstrip("`"), code, f"{reason}.")


def _param(name: str, code: str, reason: str) -> InvalidParam:
    """What a client wrote comes back short, and as ASCII."""
    return InvalidParam(name=_shown(name), code=code, reason=_shown(reason))


def _shown(text: str) -> str:
    return text[:_MOST_CHARACTERS].encode("ascii", "backslashreplace").decode("ascii")
