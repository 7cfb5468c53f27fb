"""Links to files, signed anew in every answer and good for half an hour: records hold them without a signature."""

from hashlib import sha256

from simulator.generate.attachments import UNSIGNED

GOOD_SECONDS = 1_800
_UNSIGNED = UNSIGNED.encode()


def signed(content: bytes, now: int, number: int) -> bytes:
    """The bytes of the `number`-th answer, given at `now` (unix seconds): the same link differs in every answer."""
    if _UNSIGNED not in content:
        return content
    signature = sha256(f"{number}-{now}".encode()).hexdigest()[:32]
    return content.replace(_UNSIGNED, f"expires={now + GOOD_SECONDS}&signature={signature}".encode())
