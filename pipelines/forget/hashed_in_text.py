"""Whether a text holds plainly what the tables know of a person by its hash alone: no rule may cover the text."""

import re
from collections.abc import Iterable, Iterator

from pipelines.forget.person_in_text import FEWEST_OF_OWN_ID, KEYS_OF_OWN_IDS, is_full, unescaped
from sources.intercom.privacy.concealment import Conceal, is_hashed

_ADDRESS = re.compile(r"""[^\s"'<>(),;:\[\]{}]+@[\w-]+(?:\.[\w-]+)*""")
_QUOTED = re.compile(rf'(?P<is_own>"(?:{KEYS_OF_OWN_IDS})":\s*)?"(?P<value>(?:[^"\\]|\\.)+)"')


class HashedInText:
    """What is known of a person by hashes, which `hashed` makes: of full `names`, and of what names nobody else."""

    def __init__(self, known: Iterable[str], names: Iterable[str], hashed: Conceal | None) -> None:
        self._known, self._names, self._hashed = set(filter(is_hashed, known)), set(filter(is_hashed, names)), hashed

    def __bool__(self) -> bool:
        """False if there is nothing to look for."""
        return self._hashed is not None and bool(self._known or self._names)

    def is_named_in(self, text: str | None) -> bool:
        """Return True if an address in the text, or a text between quotation marks (of JSON), is the person's."""
        return any(self._is_of_person(piece) for piece in _pieces(text or ""))

    def _is_of_person(self, piece: str) -> bool:
        found = None if self._hashed is None else self._hashed(piece)
        return found in self._known or (found in self._names and is_full(piece))


def _pieces(text: str) -> Iterator[str]:
    yield from _ADDRESS.findall(text)
    for found in _QUOTED.finditer(text):
        if found["is_own"] or len(found["value"]) >= FEWEST_OF_OWN_ID:
            yield unescaped(found["value"])
