"""What an error of Intercom's means for the resource that met it."""

import re

from .errors import ANY_RESOURCE, NOT_FOUND, TASKS, AccessDenied, IntercomError, NotFound, TokenRejected

TOKEN_ENDED = frozenset({"token_revoked", "token_expired", "token_blocked", "token_not_found"})


_NO_SUCH_LIST = (
    "This workspace does not seem to have it (some are without News, for example). Leave it out: "
    "intercom-elt sync --exclude {}. If other lists are not found either, check base_url."
)


def explained(error: IntercomError, resource: str) -> IntercomError:
    """Explain a resource's error: Intercom has accepted the token before, so a 401 is a missing permission.

    It is not if its code says that the token has been taken away meanwhile. A list that Intercom does not find belongs
    to a product that the workspace does not have, such as News.
    """
    if isinstance(error, TokenRejected) and error.failure.code in TOKEN_ENDED:
        return error
    if isinstance(error, AccessDenied) and error.resource != ANY_RESOURCE:
        return error  # which may advise more
    if isinstance(error, NotFound) and _is_of_list(error) and not resource.startswith(TASKS):
        return NotFound(error.failure, _NO_SUCH_LIST.format(resource), error.server_at)
    return AccessDenied(error.failure, resource) if isinstance(error, TokenRejected | AccessDenied) else error


def _is_of_list(error: NotFound) -> bool:
    """Return True if it is a whole list that was not found: its path has no id, and nobody has advised otherwise."""
    is_found_missing = error.failure.status == NOT_FOUND and error.advice == NotFound.advice
    return is_found_missing and not re.search(r"\d|/export/|/download/", error.failure.path)
