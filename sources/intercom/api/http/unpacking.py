"""The bytes of a packed answer, piece by piece: one that unpacks to more than is allowed is never whole in memory."""

import zlib
from collections.abc import Iterable, Iterator

from .breakage import Broken

ACCEPTED_ENCODINGS = "gzip, deflate"
PIECE_BYTES = 1 << 16
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_WITH_HEADER = zlib.MAX_WBITS | 32  # of gzip or of zlib
_WITHOUT_HEADER = -zlib.MAX_WBITS  # as some servers understand "deflate"


def unpacked(parts: Iterable[bytes], encoding: str) -> Iterable[bytes]:
    """Return the parts of a body without its Content-Encoding; raises Broken for bytes that cannot be unpacked.

    What was not asked for is left as it is: it is either no encoding at all, or no JSON.
    """
    for name in reversed(encoding.lower().split(",")):
        if name.strip() in _PACKED:
            parts = _inflated(parts)
    return parts


def _inflated(parts: Iterable[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_WITH_HEADER)
    is_first = True
    for part in parts:
        try:
            piece = unpacker.decompress(part, PIECE_BYTES)
        except zlib.error as error:
            if not is_first:
                raise _unreadable() from error
            unpacker = zlib.decompressobj(_WITHOUT_HEADER)
            piece = _decompressed(unpacker, part)
        while piece:
            is_first = False
            yield piece
            piece = _decompressed(unpacker, unpacker.unconsumed_tail)


def _decompressed(unpacker: "zlib._Decompress", part: bytes) -> bytes:
    try:
        return unpacker.decompress(part, PIECE_BYTES)
    except zlib.error as error:
        raise _unreadable() from error


def _unreadable() -> Broken:
    return Broken("the answer cannot be unpacked")
