"""What the database calls a world fits, needs no quotes, and is never that of another one."""

import re
from itertools import combinations

import pytest

from ingest.municipalities.schemas import (
    LONGEST_SLUG,
    bi_schema,
    lees_schema,
    names_of_world,
    reads_role,
    reads_texts_role,
    region_schema,
    slug_of,
    world_slug_fault,
)

POSTGRES_BYTES = 63


def test_names_are_made_of_the_slug() -> None:
    assert bi_schema("bergen-nh") == "bi_bergen_nh"
    assert lees_schema("bergen-nh") == "lees_bergen_nh"
    assert reads_role("bergen-nh") == "meetpunt_reads_bi_bergen_nh"
    assert reads_texts_role("bergen-nh") == "meetpunt_reads_bi_bergen_nh_texts"


@pytest.mark.parametrize("slug", ["molensloot", "bergen-nh", "bi-bi", "a-1-texts"])
def test_a_world_s_name_leads_back_to_its_slug(slug: str) -> None:
    assert slug_of(bi_schema(slug)) == slug


def test_a_region_is_named_without_telling_which_it_is() -> None:
    # The first ten digits of its MD5, for ever: the partitions are called so.
    assert region_schema("waterland-noord") == "lees_regio_2940b8b2b3"
    assert region_schema("duinstreek") != region_schema("waterland-noord")


def test_the_longest_slug_just_fits_whatever_is_made_of_it() -> None:
    longest = "a" * LONGEST_SLUG
    assert world_slug_fault(longest) is None
    names = (*names_of_world(longest), lees_schema(longest))
    assert max(len(name.encode()) for name in names) == POSTGRES_BYTES
    assert "at most 39 characters" in (world_slug_fault(longest + "a") or "")


@pytest.mark.parametrize(
    "slug", ["a_b", "a--b", "-a", "a-", "9a", "A", "é", 'a"b', "a b", "", "a\n"]
)
def test_no_slug_brings_what_a_name_could_not_hold(slug: str) -> None:
    assert world_slug_fault(slug) is not None


def test_two_slugs_never_come_to_one_schema() -> None:
    slugs = ["a", "a-b", "ab", "a-b-c", "ab-c", "bi-a", "lees-a", "regio", "texts"]
    for one, other in combinations(slugs, 2):
        assert set(names_of_world(one)).isdisjoint(names_of_world(other)), (one, other)
        assert lees_schema(one) != lees_schema(other)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", bi_schema(slug)) for slug in slugs)
