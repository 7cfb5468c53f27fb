"""What stands for a user id where none may be kept: a keyed hash, because user ids can be counted and guessed."""

import hashlib
import hmac
from typing import NamedTuple


class Pseudonyms(NamedTuple):
    """How user ids are replaced: by hashes with each of `keys` in turn; an earlier version had none.

    A pseudonym with one more key is made of the one before, so that no user id is needed for that.
    """

    keys: tuple[str, ...] = ()

    def of(self, user_id: str) -> str:
        """Return what stands for a user id."""
        digest = hashlib.blake2b(user_id.encode("utf-8", "surrogatepass"), digest_size=8)
        return self.renewed(digest.hexdigest(), Pseudonyms())

    def renewed(self, pseudonym: str, before: "Pseudonyms") -> str:
        """Return what stands for the same user id as a pseudonym that was made with the first of the keys."""
        for key in self.keys[len(before.keys) :]:
            pseudonym = hmac.digest(key.encode(), pseudonym.encode(), "sha256").hex()[:32]
        return pseudonym
