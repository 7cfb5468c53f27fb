"""One request as an endpoint sees it."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator import errors
from simulator.options import Options
from simulator.record import Record
from simulator.workspace import Workspace
from simulator.workspace.storage.store import Store


@dataclass(slots=True)
class Call:
    """A call as its endpoint sees it: path parameters, query, JSON body, and the workspace to answer from."""

    workspace: Workspace
    options: Options
    version: str
    path: str
    params: dict[str, str]
    query: dict[str, str]
    body: Record
    base_url: str
    missing: Callable[[], errors.ApiError]
    """The operation's error of a record that cannot be read."""

    @property
    def id(self) -> str:
        """The `{id}` of the call's path."""
        return self.params["id"]

    def one_of(self, store: Store) -> Record:
        """The record with the `{id}` of the call's path; raises the operation's error where it cannot be read."""
        record = store.get(self.id)
        if record is None:
            raise self.missing()
        return record

    def whole_number(self, name: str, default: int) -> int:
        """A query parameter of the call that must be a whole number of at least 1."""
        text = self.query.get(name)
        if text is None:
            return default
        if not text.isdigit() or int(text) < 1:
            raise errors.parameter_invalid(f"{name} must be a positive integer")
        return int(text)

    def is_set(self, name: str) -> bool:
        """Whether a boolean query parameter of the call is true."""
        return self.query.get(name, "").lower() in {"true", "1"}
