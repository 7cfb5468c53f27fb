"""The company scroll: one per workspace, closed at its end, or after a minute of silence."""

from collections.abc import Container
from uuid import UUID

from simulator import errors
from simulator.record import Record


class Scroll:
    """The company scroll of a simulated workspace, a state machine; times are the simulator's."""

    def __init__(self) -> None:
        self.token: str | None = None
        self._left: list[str] = []
        self._expires_at = 0.0
        self._count_opened = 0

    def open(self, company_ids: list[str], at: float, expiry_seconds: int) -> str:
        """Open the workspace's scroll over these companies; refused while another one is open."""
        if self.token is not None and at < self._expires_at:
            raise errors.ApiError(400, "scroll_exists", "scroll already exists for this workspace")
        self._count_opened += 1
        self._left = company_ids
        self._expires_at = at + expiry_seconds
        self.token = self._new_token()
        return self.token

    def resume(self, token: str, at: float, expiry_seconds: int) -> None:
        """Check that this is the workspace's open scroll, and reset its timer."""
        if token != self.token or at >= self._expires_at:
            raise errors.ApiError(404, "not_found", "scroll parameter not found")
        self._expires_at = at + expiry_seconds

    def take(self, count: int, there: Container[str]) -> list[str]:
        """Take the next company ids from the workspace's scroll; an empty answer, its end, closes it.

        Companies that are no longer `there` leave gaps in a page, but no page without any: that would be the end.
        """
        page: list[str] = []
        while self._left and not page:
            page = [company_id for company_id in self._left[:count] if company_id in there]
            self._left = self._left[count:]
        if not page:
            self.token = None
        return page

    def change_token(self) -> str:
        """Give the workspace's open scroll a new token, as some workspaces do with every page."""
        self._count_opened += 1
        self.token = self._new_token()
        return self.token

    def close(self) -> None:
        """Close the workspace's scroll."""
        self.token = None

    def state(self, at: float) -> Record:
        """The scroll as the control surface shows it: whether it is open, until when, how many companies are left."""
        is_open = self.token is not None and at < self._expires_at
        return {"is_open": is_open, "expires_at": self._expires_at, "companies_left": len(self._left)}

    def _new_token(self) -> str:
        return str(UUID(int=0x1A1F7C9023FA4B23B51E83D17C1ABB34 + self._count_opened * 0x9E3779B97F4A7C15))
