"""The contacts that were listed and not found, and are asked for once more by later runs while they are listed."""

from .dlt_state import MOST_VANISHED, PerContactState


class VanishedContacts:
    """The vanished contacts in a resource's state: one that a whole pass does not list any more is gone.

    Until then all of it is to be read, whatever the passes in between have read of others. Of one for which there is no
    room, the pass says so.
    """

    def __init__(self, state: PerContactState) -> None:
        self._state = state

    @property
    def ids(self) -> list[str]:
        """The ids of the contacts, the longest vanished first."""
        return list(self._state.get("missing", ()))

    def listed(self, contact_id: str, *, is_found: bool) -> None:
        """Note that a contact is listed, and whether it is found."""
        vanished = self._state.get("missing", {})
        if is_found:
            self.found(contact_id)
        elif contact_id in vanished or len(vanished) < MOST_VANISHED:
            self._state.setdefault("missing", {})[contact_id] = True
        else:
            self._state.setdefault("pass", {})["has_forgotten"] = True

    def found(self, contact_id: str) -> None:
        """Note that a contact is found: it need not be asked for any more."""
        vanished = self._state.get("missing", {})
        if contact_id in vanished:
            self._keep({one: is_listed for one, is_listed in vanished.items() if one != contact_id})

    def end_pass(self) -> None:
        """Forget the contacts that the pass has not listed."""
        self._keep({one: False for one, is_listed in self._state.get("missing", {}).items() if is_listed})

    def _keep(self, vanished: dict[str, bool]) -> None:
        if vanished:
            self._state["missing"] = vanished
        else:
            self._state.pop("missing", None)
