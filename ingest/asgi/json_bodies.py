"""Read JSON bodies strictly: a wrong body is refused, and the refusal names every mistake in it."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin

import msgspec

from ingest.asgi.messages import InvalidParam

Body = TypeVar("Body", bound=msgspec.Struct)

_MOST_UNKNOWN_NAMES = 20
_MOST_FAULTS = 100
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

    `fewest_keys` gives the least number of keys that the JSON of a body can have. Comparing it with
    the number of colons is quicker than looking for a repeated key in every body.
    """

    def __init__(self, kind: type[Body], fewest_keys: Callable[[Body], int] = lambda _: 0) -> None:
        self._kind = kind
        self._decode = msgspec.json.Decoder(kind).decode
        self._fewest_keys = fewest_keys

    def read(self, body: bytes) -> Body:
        """The body as a struct. Raises `BodyUnreadable`.

        A repeated key is refused: only one of its values would be kept, perhaps the wrong one.
        """
        try:
            decoded = self._decode(body)
            # A colon follows every key: with as few colons as there are keys, none came twice.
            if body.count(b":") > self._fewest_keys(decoded):
                json.loads(body, object_pairs_hook=_once_each)
        except msgspec.ValidationError:
            raise BodyUnreadable(self._everything_wrong(body)) from None
        # Deep nesting raises RecursionError; bytes that are not text raise one of the others.
        except (msgspec.DecodeError, ValueError, RecursionError):
            raise BodyUnreadable from None
        return decoded

    def _everything_wrong(self, body: bytes) -> tuple[InvalidParam, ...]:
        """Every field that is missing, unknown or of a wrong type; nothing if it is not JSON."""
        try:
            document = msgspec.json.decode(body)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return ()
        if not isinstance(document, dict):
            return ()
        return tuple(islice(_wrong_in(document, self._kind), _MOST_FAULTS))


def _wrong_in(
    document: dict[str, Any], kind: type[msgspec.Struct], where: str = ""
) -> Iterator[InvalidParam]:
    """Faults of a struct's fields; of structs in a list those of each. `where` ends in a dot."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, field in fields.items():
        if name not in document:
            if field.required:
                yield _param(where + name, "required", "This field is needed.")
            continue
        try:
            msgspec.convert(document[name], field.type)
        except msgspec.ValidationError as fault:
            within = list(_wrong_in_list(document[name], field.type, where + name))
            yield from within or [_fault(where + name, str(fault))]
    for name in [name for name in document if name not in fields][:_MOST_UNKNOWN_NAMES]:
        yield _param(where + name, "unknown-field", "This field is not known here.")


def _wrong_in_list(value: Any, kind: Any, where: str) -> Iterator[InvalidParam]:
    """Faults of each element, where it is a list of structs; else none."""
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    element_kind = get_args(kind)[0] if get_origin(kind) is list else None
    if not isinstance(value, list) or not isinstance(element_kind, type):
        return
    for index, element in enumerate(value):
        if isinstance(element, dict) and issubclass(element_kind, msgspec.Struct):
            yield from _wrong_in(element, element_kind, f"{where}[{index}].")
        elif not isinstance(element, element_kind):
            yield _param(f"{where}[{index}]", "wrong-type", "This is of another type.")


def json_object(body: bytes) -> dict[str, Any]:
    """What somebody sends in a shape that is not ours. Raises `BodyUnreadable`."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise BodyUnreadable from None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        repeated = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise BodyUnreadable((_param(repeated, "repeated-field", "This field came twice."),))
    return fields


def _fault(name: str, message: str) -> InvalidParam:
    """Split a decoder's message: a sentence, and a path in the field ("... - at `$[3].x`")."""
    reason, _, path = message.partition(" - at `$")
    code = next((code for words, code in _CODES.items() if words in reason), "wrong-type")
    return _param(name + path.rstrip("`"), code, f"{reason}.")


def _param(name: str, code: str, reason: str) -> InvalidParam:
    """A fault to send back; whatever the client wrote is shortened and turned into ASCII."""
    return InvalidParam(name=_shown(name), code=code, reason=_shown(reason))


def _shown(text: str) -> str:
    return text[:_MOST_CHARACTERS].encode("ascii", "backslashreplace").decode("ascii")
