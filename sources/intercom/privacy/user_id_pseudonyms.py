"""Marks that stand for user ids that may not be kept: keyed hashes, because user ids can be guessed."""

import hashlib
import hmac
from typing import NamedTuple


class Pseudonyms(NamedTuple):
    """How user ids become pseudonyms: hashes with each of `keys` in turn; an earlier version had none.

    A further key is applied to the pseudonym, so that the user id is not needed for it.
    """

    keys: tuple[str, ...] = ()

    def of(self, user_id: str) -> str:
        """Return the pseudonym of a user id."""
        digest = hashlib.blake2b(user_id.encode("utf-8", "surrogatepass"), digest_size=8)
        return self.renewed(digest.hexdigest(), Pseudonyms())

    def renewed(self, pseudonym: str, before: "Pseudonyms") -> str:
        """Return the present pseudonym of a user id for one that was made with the first of the keys."""
        for key in self.keys[len(before.keys) :]:
            pseudonym = hmac.digest(key.encode(), pseudonym.encode(), "sha256").hex()[:32]
        return pseudonym
