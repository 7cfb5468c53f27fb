"""The contacts that were listed and not found, and are asked for once more by later runs while they are listed."""

from .dlt_state import PerContactState

MOST_VANISHED = 1_000


class MissingContacts:
    """The missing contacts of a resource's state: one that a whole pass does not list any more is gone.

    Until then all of it is missing, whatever the passes in between have read of others.
    """

    def __init__(self, state: PerContactState) -> None:
        self._state = state

    @property
    def ids(self) -> list[str]:
        """The ids of the contacts, the longest missing first."""
        return list(self._state.get("vanished", ()))

    @property
    def are_too_many(self) -> bool:
        """True if there may be others, for which there was no room."""
        return len(self.ids) >= MOST_VANISHED

    def listed(self, contact_id: str, *, is_found: bool) -> None:
        """Note that a contact is listed, and whether it is found."""
        if is_found:
            self.found(contact_id)
        elif contact_id in self.ids or not self.are_too_many:
            self._state.setdefault("vanished", {})[contact_id] = True

    def found(self, contact_id: str) -> None:
        """Note that a contact is found: it need not be asked for any more."""
        self._keep({one: is_listed for one, is_listed in self._state.get("vanished", {}).items() if one != contact_id})

    def end_pass(self) -> None:
        """Forget the contacts that the pass has not listed."""
        self._keep({one: False for one, is_listed in self._state.get("vanished", {}).items() if is_listed})

    def _keep(self, vanished: dict[str, bool]) -> None:
        if vanished:
            self._state["vanished"] = vanished
        else:
            self._state.pop("vanished", None)
