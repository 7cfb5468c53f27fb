"""The body of an answer without its Content-Encoding: whole, or an error."""

import zlib
from collections.abc import Iterator

import httpx

ACCEPTED = "gzip"
_GZIP = 16 + zlib.MAX_WBITS
_PADDING = b"\0"


def unpacked(response: httpx.Response) -> Iterator[bytes]:
    """Unpack an answer's body, in parts; raises httpx.DecodingError where it is damaged or ends early.

    A gzip body may have several members (RFC 1952, 2.2). Of those httpx yields the first one alone, and of a member
    that ends early what there is: a file would be cut without a word.
    """
    if response.headers.get("content-encoding", "").strip().lower() == ACCEPTED:
        return _members(response.iter_raw())
    return response.iter_bytes()


def _members(parts: Iterator[bytes]) -> Iterator[bytes]:
    member = None
    try:
        for part in parts:
            packed = part if member else part.lstrip(_PADDING)
            while packed:
                member = member or zlib.decompressobj(_GZIP)
                yield member.decompress(packed)
                packed = member.unused_data.lstrip(_PADDING)
                if member.eof:
                    member = None
    except zlib.error as error:
        raise httpx.DecodingError(str(error)) from error
    if member:
        raise httpx.DecodingError("the body ends early")
