"""Whether a text names a person: by a whole id, address, name or number, not by a part of somebody else's."""

import re
from collections.abc import Iterable

from pipelines.forget.folding import UNSPACED, folded

FEWEST_DIGITS = 6  # digits of a phone number: shorter ones are found in dates, times and amounts
FEWEST_UNSPACED = 2  # characters of a name that is written without a blank
FEWEST_OF_OWN_ID = 6  # characters of an own id: shorter ones ("1", "yes") are what a log may say of anything
KEYS_OF_OWN_IDS = "external_id|user_id"  # of JSON: what stands behind one is an own id, however short
_IN_JSON = re.compile(r'\\([bfnrt"\\/])')  # the letter of an escaped character would belong to the word after it
_LETTER = rf"[^\W{UNSPACED}]"  # a letter or digit of a word that has blanks around it
_UNSPACED = re.compile(f"[{UNSPACED}]")


class PersonInText:
    """What names a person in a text: `texts`, folded.

    `words` are ids, e-mail addresses and full names; `own_ids` name the person between quotation marks.
    What is part of one of the `longer_names`, which are other people's, does not name the person.
    """

    def __init__(
        self,
        words: Iterable[str],
        phones: Iterable[str] = (),
        own_ids: Iterable[str] = (),
        longer_names: Iterable[str] = (),
    ) -> None:
        patterns = {word: _whole(word) for each in words if (word := folded(each))}
        patterns |= {
            phone: rf"(?<!\d){re.escape(phone)}(?!\d)"
            for each in phones
            if sum(map(str.isdecimal, phone := folded(each))) >= FEWEST_DIGITS
        }
        patterns |= {quoted: _own(quoted) for each in own_ids if each and (quoted := folded(f'"{each}"'))}
        self.texts = sorted(patterns)
        others = sorted(map(folded, longer_names), key=len, reverse=True)
        named = "|".join(patterns[text] for text in self.texts) or r"(?!)"
        self._pattern = re.compile("|".join([*map(_whole, others), f"(?P<person>{named})"]))

    def is_named_in(self, text: str | None) -> bool:
        """Return True if the text, which may be JSON, names the person."""
        found = self._pattern.finditer(folded(unescaped(text or "")))
        return any(match.lastgroup == "person" for match in found)


def is_full(name: str) -> bool:
    """Return True for a name of several words, or several characters in a script without blanks: others name many."""
    return len(name.split()) > 1 or len(_UNSPACED.findall(name)) >= FEWEST_UNSPACED


def unescaped(text: str) -> str:
    """Return a text without the escaped characters of JSON."""
    return _IN_JSON.sub(lambda found: " " if found[1].isalpha() else found[1], text)


def _own(quoted: str) -> str:
    """Return the pattern that finds a person's own id between quotation marks; a short one only behind its key."""
    is_short = len(quoted) - len('""') < FEWEST_OF_OWN_ID
    return (rf'"(?:{KEYS_OF_OWN_IDS})": ?' if is_short else "") + re.escape(quoted)


def _whole(word: str) -> str:
    """Return the pattern that finds a person's word in a text only as a whole address, name or number."""
    before, after = rf"(?<!{_LETTER})", rf"(?!{_LETTER})"
    if "@" in word:
        before, after = rf"{before}(?<![.+-])", rf"(?![.-]?{_LETTER})"
    return ("" if _UNSPACED.match(word) else before) + re.escape(word) + ("" if _UNSPACED.match(word[-1]) else after)
