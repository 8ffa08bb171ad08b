"""What all messages of `/api/v1` are made of, and what each refusal says.

These texts go into the API's document: a docstring is about a whole message, and `described` about
one field. Both use the names that stand in the JSON.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec

# Semantic version of the API, sent as API-Version with every reply (/core/version-header).
API_VERSION = "1.0.0"

SCHEMAS = "#/components/schemas"
"""Where the API's document has the schemas of messages, each under the name of its struct."""

MOST_WORDS = 1000
"""Characters of one text that is shown to people, as files of questionnaires allow."""


def described(description: str, *examples: Any, **schema: Any) -> msgspec.Meta:
    """What the API's document says of a field: a description, examples, and parts of its schema.

    `schema` is for the document alone. A restriction that reading must enforce needs its own Meta.
    """
    return msgspec.Meta(
        description=description,
        examples=list(examples) or None,
        extra_json_schema=schema or None,
    )


def _form(**schema: Any) -> msgspec.Meta:
    return msgspec.Meta(extra_json_schema=schema)


# None of our names is longer; so a refusal never repeats a long text.
Name = Annotated[str, msgspec.Meta(max_length=100)]
Version = Annotated[int, msgspec.Meta(ge=1, le=32_767)]
# A moment has a time zone (/core/date-time).
Moment = Annotated[datetime, msgspec.Meta(tz=True), _form(maxLength=35)]

# The patterns of the next ones are for the document alone: each value is looked up or verified.
_SLUG = "[a-z][a-z0-9]*(-[a-z0-9]+)*"
SLUG_PATTERN = f"^{_SLUG}$"
TOUCHPOINT_PATTERN = f"^{_SLUG}/{_SLUG}$"
TouchpointName = Annotated[Name, _form(pattern=TOUCHPOINT_PATTERN)]
LanguageCode = Annotated[Name, _form(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Slug = Annotated[Name, _form(pattern=SLUG_PATTERN)]
ItemCode = Annotated[str, _form(pattern="^[a-z][a-z0-9_]{0,39}$", maxLength=40)]
OptionCode = ItemCode
QuestionnaireName = Annotated[Name, _form(pattern="^[a-z][a-z0-9_-]{0,39}$")]
ResponseToken = Annotated[Name, _form(pattern="^([A-Za-z0-9_-]{44}|[A-Za-z0-9_-]{48})$")]
# A dimension that is not listed is dropped, or refused with a message of its own.
DimensionName = Annotated[str, _form(pattern="^[a-z][a-z0-9_]{0,39}$", maxLength=40)]
DimensionValue = Annotated[str, _form(pattern=f"^({_SLUG}|WK[0-9]{{6}})$", maxLength=40)]
Direction = Annotated[str, _form(enum=["ltr", "rtl"])]
Web = Annotated[str, _form(format="uri", maxLength=2000)]
"""An address on the web, whole."""
Words = Annotated[str, _form(contentMediaType="text/plain", maxLength=MOST_WORDS)]
"""What is shown to people."""

_HEX = "[0-9a-fA-F]"
RANDOM_UUID = {
    "format": "uuid",
    "pattern": f"^{_HEX}{{8}}-{_HEX}{{4}}-4{_HEX}{{3}}-[89abAB]{_HEX}{{3}}-{_HEX}{{12}}$",
    "maxLength": 36,
}
"""Schema of a UUID of version 4, in its usual spelling."""

ANSWERS: dict[str, Any] = {
    "additionalProperties": {"$ref": f"{SCHEMAS}/Answer"},
    "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,39}$"},
    "maxProperties": 200,
}
"""Schema of answers by the code of their item: a form has no more than 200 fields."""


class Message(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What all that travels has in common."""


class InvalidParam(Message, frozen=True):
    """One thing that is wrong in a body: where, why, and a code that stays the same."""

    name: Annotated[
        Words,
        described(
            "Where: the name of a field, with the path within it where there is one, or the code "
            "of an item.",
            "cijfer",
            maxLength=500,
        ),
    ]
    reason: Annotated[
        Words,
        described(
            "Why, for whoever reads the log of a program. Its words may change; code does not.",
            "A whole number from 1 to 10 is expected.",
            maxLength=20_000,
        ),
    ]
    code: Annotated[
        str,
        described(
            "Why, for programs: such as required, wrong-type, out-of-range, too-long, "
            "unknown-field, unknown-item, unknown-option, repeated-option, not-asked or "
            "not-random. Others may come.",
            "out-of-range",
            pattern="^[a-z]+(-[a-z]+)*$",
            maxLength=40,
        ),
    ]


class Problem(Message, frozen=True, omit_defaults=True):
    """A refusal, as RFC 9457 has it. Go by type and status; the words may change."""

    type: Annotated[
        str,
        described(
            "Which problem this is: a reference to its page on this service, which says what it "
            "means and who can do what about it.",
            "/problems/answers-rejected",
            format="uri-reference",
            pattern="^/problems/[a-z]+(-[a-z]+)*$",
            maxLength=60,
        ),
    ]
    status: Annotated[
        int,
        described("The status of the reply, once more.", 400, minimum=400, maximum=599),
    ]
    title: Annotated[
        Words,
        described("The problem in a few words, always the same.", "Some answers were rejected"),
    ]
    detail: Annotated[
        Words,
        described(
            "What to do about it, or what was wrong here.", "See invalidParams; nothing was stored."
        ),
    ]
    invalid_params: Annotated[
        tuple[InvalidParam, ...],
        described(
            "All that is wrong in the body, at once. Left out where there is nothing to point at.",
            maxItems=10_000,
        ),
    ] = ()


def example_of(message: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON of a message in which every field, at any depth, has its first example."""
    _, schemas = msgspec.json.schema_components([message], ref_template=f"{SCHEMAS}/{{name}}")
    return example_within(schemas, message.__name__)


def example_within(schemas: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The same for one of `schemas`, which refer to each other."""
    example: dict[str, Any] = _example(schemas, {"$ref": f"{SCHEMAS}/{name}"})
    return example


def _example(schemas: Mapping[str, Any], schema: dict[str, Any]) -> Any:
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return _example(schemas, schemas[schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return _example(schemas, schema["anyOf"][0])
    if schema.get("type") == "array":
        return [_example(schemas, schema["items"])]
    examples = {name: _example(schemas, within) for name, within in schema["properties"].items()}
    # A field whose first example is None is usually left out.
    return {name: value for name, value in examples.items() if value is not None}
