"""Whether a text names a person: by a whole id, address, name or number, not by a part of somebody else's."""

import re
from collections.abc import Iterable

FEWEST_DIGITS = 6  # digits of a phone number: shorter ones are found in dates, times and amounts
_IN_JSON = re.compile(r"\\[bfnrt]")  # the letter of an escaped character would belong to the word after it


class PersonInText:
    """What names a person in a text: `texts`, in small letters.

    `words` are ids, e-mail addresses and full names; `quoted` are texts that name the person between quotation marks.
    """

    def __init__(self, words: Iterable[str], phones: Iterable[str] = (), quoted: Iterable[str] = ()) -> None:
        patterns = {word: _whole(word) for each in words if (word := each.strip().lower())}
        patterns |= {
            phone: rf"(?<!\d){re.escape(phone)}(?!\d)"
            for each in phones
            if sum(map(str.isdecimal, phone := each.strip().lower())) >= FEWEST_DIGITS
        }
        patterns |= {f'"{each}"'.lower(): re.escape(f'"{each}"'.lower()) for each in quoted if each}
        self.texts = sorted(patterns)
        self._pattern = re.compile("|".join(patterns[text] for text in self.texts) or r"(?!)")

    def is_named_in(self, text: str | None) -> bool:
        """Return True if the text, which may be JSON, names the person."""
        return bool(self._pattern.search(_IN_JSON.sub(" ", text or "").lower()))


def _whole(word: str) -> str:
    """Return the pattern that matches the word only as a whole address, name or number."""
    escaped = re.escape(word)
    if "@" in word:
        return rf"(?<![\w.+-]){escaped}(?!\w|[.-]\w)"
    return rf"(?<!\w){escaped}(?!\w)"
