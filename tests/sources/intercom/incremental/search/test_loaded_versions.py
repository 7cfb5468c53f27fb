"""Versions loaded lately, through the state and back."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.incremental.search.loaded_versions import IDENTITY_BYTES, Digests, digest

MOMENTS = st.integers(0, 2**40)
ENTRIES = st.lists(  # of as many records
    st.tuples(st.binary(min_size=8, max_size=8), MOMENTS), max_size=50, unique_by=lambda one: one[0][:IDENTITY_BYTES]
).map(dict)


def filled(entries, **options):
    remembered = Digests(**options)
    for entry, updated_at in entries.items():
        remembered.add(entry, updated_at)
    return remembered


@given(ENTRIES)
def test_what_is_written_to_the_state_is_read_from_it(entries):
    again = Digests(filled(entries).encoded(since=0))
    assert all(entry in again for entry in entries)
    assert again.encoded(since=0) == filled(entries).encoded(since=0)


@given(ENTRIES, MOMENTS)
def test_only_what_a_pass_can_bring_again_is_kept(entries, since):
    again = Digests(filled(entries).encoded(since))
    assert {entry for entry in entries if entry in again} == {entry for entry, at in entries.items() if at >= since}


def test_the_newest_are_kept_when_there_are_too_many():
    again = Digests(filled({b"00000001": 1, b"00000003": 3, b"00000002": 2}, capacity=2).encoded(since=0))
    assert b"00000001" not in again
    assert b"00000002" in again
    assert b"00000003" in again


@pytest.mark.parametrize(("stale_at", "is_known"), [(5, False), (4, True)])
def test_a_stale_version_of_the_same_second_makes_the_other_one_unknown_again(stale_at, is_known):
    """Its row was replaced, and nothing but reading it once more brings it back."""
    newer, stale = digest({"id": "1", "name": "new"}), digest({"id": "1", "name": "old"})
    versions = Digests(filled({newer: 5, stale: stale_at}).encoded(since=0))
    assert (newer in versions, stale in versions) == (is_known, True)


def test_what_was_never_added_is_not_in_it():
    assert b"12345678" not in Digests(filled({b"00000001": 1}).encoded(since=0))


def test_a_version_is_the_content_and_not_the_order_of_its_fields():
    assert digest({"id": "1", "tags": [1, 2]}) == digest({"tags": [1, 2], "id": "1"})
    assert digest({"id": "1", "tags": [1, 2]}) != digest({"id": "1", "tags": [2, 1]})


@pytest.mark.parametrize("levels", [200, 300, 900])
def test_a_link_is_signed_anew_in_the_same_version_of_a_record_however_deep_it_is(levels):
    deep = orjson.loads(b"[" * levels + b"]" * levels)
    one, other, elsewhere = (f"https://a.example/{file}?Expires={at}" for file, at in ((1, 5), (1, 6), (2, 5)))
    assert digest({"id": "1", "deep": deep, "body": one}) == digest({"id": "1", "deep": deep, "body": other})
    assert digest({"id": "1", "deep": deep, "body": one}) != digest({"id": "1", "deep": deep, "body": elsewhere})


@given(st.text(), st.text())
def test_another_value_is_another_version(one, other):
    assert (digest({"name": one}) == digest({"name": other})) == (one == other)
