"""The names of schemas and roles of a municipality, a group or a region. Pure.

What a reader may see, its world, is a schema `bi_...` with two roles; the rows lie in `lees_...`.
These names are made here alone. No two may be the same, or a reader would see another's rows.
"""

from hashlib import md5

from ingest.files.toml_tables import slug_fault

LONGEST_SLUG = 39
"""Postgres cuts a name off after 63 bytes: `meetpunt_reads_bi_`, a slug and `_texts` are 63."""

_REGION_DIGITS = 10


def bi_schema(slug: str) -> str:
    """The schema with all that readers of this municipality or group may see: "bi_molensloot"."""
    return f"bi_{_in_a_name(slug)}"


def slug_of(schema: str) -> str:
    """The slug of the municipality or group with this schema: "molensloot"."""
    return schema.removeprefix("bi_").replace("_", "-")


def lees_schema(slug: str) -> str:
    """Where the rows of a municipality lie: "lees_molensloot"."""
    return f"lees_{_in_a_name(slug)}"


def region_schema(region: str) -> str:
    """Where the figures of a region lie: "lees_regio_4a1b2c3d4e". The name is a hash."""
    digest = md5(region.encode(), usedforsecurity=False).hexdigest()
    return f"lees_regio_{digest[:_REGION_DIGITS]}"


def reads_role(slug: str) -> str:
    """The role that may see a world, but for its free texts."""
    return f"meetpunt_reads_{bi_schema(slug)}"


def reads_texts_role(slug: str) -> str:
    """The role that may see a world and its free texts."""
    return f"{reads_role(slug)}_texts"


def names_of_world(slug: str) -> tuple[str, ...]:
    """Every name that the world of this municipality or group takes."""
    return bi_schema(slug), reads_role(slug), reads_texts_role(slug)


def world_slug_fault(slug: str) -> str | None:
    """Refuse a slug of a municipality or group that is too long for the names made of it."""
    return slug_fault(slug, LONGEST_SLUG)


def _in_a_name(slug: str) -> str:
    # A slug has no underscores, so two slugs never give the same name. No name needs quotes.
    return slug.replace("-", "_")
