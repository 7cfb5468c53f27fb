"""A packed body, in whatever pieces it comes: unpacked as a whole, or refused, and never large in memory."""

import gzip
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.api.http.breakage import Broken
from sources.intercom.api.http.unpacking import PIECE_BYTES, unpacked


def raw_deflate(content):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


PACKED = {"gzip": gzip.compress, "x-gzip": gzip.compress, " GZIP ": gzip.compress, "deflate": zlib.compress}


def pieces(content, length):
    return [content[begin : begin + length] for begin in range(0, len(content), length)]


@given(st.binary(max_size=3_000), st.sampled_from(list(PACKED)), st.integers(1, 4_000))
def test_a_packed_body_arrives_as_it_was(content, encoding, length):
    assert b"".join(unpacked(pieces(PACKED[encoding](content), length), encoding)) == content


@given(st.binary(max_size=3_000))
def test_deflate_without_a_header_arrives_as_it_was(content):
    assert b"".join(unpacked([raw_deflate(content)], "deflate")) == content


@given(st.binary(max_size=300), st.sampled_from(["", "identity", "br", "aws-chunked"]))
def test_what_is_not_packed_is_left_as_it_is(content, encoding):
    assert b"".join(unpacked([content], encoding)) == content


def test_what_is_packed_twice_is_unpacked_twice():
    assert b"".join(unpacked([gzip.compress(zlib.compress(b"a"))], "deflate, gzip")) == b"a"


@given(st.lists(st.binary(max_size=100)), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_are_unpacked_or_refused(parts, encoding):
    with suppress(Broken):
        b"".join(unpacked(parts, encoding))


@pytest.mark.parametrize("place", [0, 1, 12])
def test_bytes_that_are_damaged_are_refused(place):
    whole = bytearray(gzip.compress(b"what was sent" * 100))
    whole[place] ^= 0xFF
    with pytest.raises(Broken, match="cannot be unpacked"):
        b"".join(unpacked(pieces(bytes(whole), 10), "gzip"))


def test_a_body_that_unpacks_to_very_much_comes_in_pieces():
    bomb = gzip.compress(bytes(50_000_000))
    assert max(map(len, unpacked([bomb], "gzip"))) <= PIECE_BYTES
