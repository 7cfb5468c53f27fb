"""A call of the API: which operation was asked for, and what is said where its answer cannot be used."""

from typing import NamedTuple

from .errors import Failure, IncompleteListing


class Call(NamedTuple):
    """A call of the API: a method, and a path under the base URL."""

    method: str
    path: str

    def __str__(self) -> str:
        """The call as the API reference names it: `GET /teams`."""
        return f"{self.method} {self.path}"

    def failure(self, message: str, status: int | None = None) -> Failure:
        """Return the facts of this call's failure."""
        return Failure(*self, status, message=message)

    def contradiction(self, message: str) -> IncompleteListing:
        """Return the error of a call's listing whose pages contradict themselves, or one another."""
        return IncompleteListing(self.failure(message))
