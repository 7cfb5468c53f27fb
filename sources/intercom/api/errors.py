"""What can go wrong between us and Intercom.

IntercomError
├── Unreachable            no answer at all: the host does not exist, refuses, or cannot be connected to in time
├── BadAnswer              an answer that is no answer: empty, truncated, too late, not JSON, 408 or 5xx
│   ├── AnswerTooLarge     more bytes or more time than a setting allows
│   ├── ErrorWithoutStatus 200, and its body is an error, or the answer to another request
│   └── GatewayRefused     403 or 404 without an error code of Intercom's
├── RateLimited            429: the window's allowance is used up
├── TokenRejected          401 for the token itself
├── AccessDenied           402, 403, or 401 for one area: plan or scope
├── RecordDenied           403 for one record of an area that may be read
├── NotFound               404 with a code: the record is gone, or was never there
├── ScrollOccupied         another reader holds the workspace's one company scroll
├── ExportOccupied         429 of another kind: the workspace's one export job is taken
├── ExportFailed           504 that carries an export job: Intercom gave it up
├── ExportCut              an export has as many rows as Intercom gives at most
├── PageCursorRefused      the page cursor is invalid or has expired
├── InvalidRequest         any other 3xx or 4xx: we asked wrongly
├── IncompleteListing      the pages contradict each other; going on would lose or repeat rows
│   └── RecordsHidden      a few records were listed twice, and as many may be missing; the others are loaded
├── RecordsUnread          some records are listed, but cannot be read in full; all others were
├── TooManyUnread          so many cannot be read in full that the resource was stopped before its end
└── Stopped                not sent: the run was interrupted
"""

import re
from dataclasses import dataclass

from ..secrecy.safe_text import safe_line


@dataclass(frozen=True)
class Failure:
    """The facts of one failed request: everything that a person needs to act, or to ask Intercom's support."""

    method: str
    path: str
    status: int | None = None
    code: str | None = None
    message: str | None = None
    request_id: str | None = None

    def __str__(self) -> str:
        """The failure in an error's message: `GET /teams answered 403 api_plan_restricted: … (request id …)`."""
        text = f"{self.method} {self.path.partition('?')[0]}"
        if self.status is not None:
            text += f" answered {self.status}"
        if self.code:
            text += f" {self.code}"
        if self.message:
            text += f": {self.message}"
        if self.request_id:
            text += f" (request id {self.request_id})"
        return safe_line(text)

    def without_words(self) -> str:
        """Return an error's failure without the answer's own words, which may quote a record."""
        text = f"{self.method} {self.path}"
        if self.status is not None:
            return f"{text} answered {self.status}" + (f" {self.code}" if self.code else "")
        fact = re.split(r"[:{]", self.message or "", maxsplit=1)[0].strip()  # what follows is quoted
        return text + (f": {fact}" if fact else "")


class IntercomError(Exception):
    """The base of all errors here; `failure` holds the facts, `advice` says what to do next."""

    advice = "Run again; if it happens again, report the request id to Intercom's support."

    def __init__(self, failure: Failure, advice: str | None = None) -> None:
        super().__init__(failure)
        self.failure = failure
        if advice is not None:
            self.advice = advice

    def __str__(self) -> str:
        """The error's facts, then its advice, in one line."""
        return f"{str(self.failure).rstrip('.')}. {self.advice}"


class Unreachable(IntercomError):
    """No answer at all: the host does not exist, refuses, or cannot be connected to in time."""

    advice = "Check the network, and base_url or region under [sources.intercom]."


class BadAnswer(IntercomError):
    """Intercom answered too late, or with nothing that can be used; often gone after a moment."""

    advice = "Intercom had trouble answering; run again later, nothing that was loaded is lost."


class AnswerTooLarge(BadAnswer):
    """An answer beyond the limit of size or time; it is not retried, because the next would exceed it, too."""

    advice = (
        "If answers of this size are expected, raise the setting under [sources.intercom]; otherwise report it to "
        "Intercom's support."
    )


class ErrorWithoutStatus(BadAnswer):
    """An error, or another request's answer, with a success status; it is retried less often than what passes."""


class GatewayRefused(BadAnswer):
    """A 403 or 404 of a gateway in front of Intercom, whose own ones have a code: it says nothing of permissions.

    Nor of a record. It is retried less often than a temporary failure, because a wrong host, or a firewall, answers
    everything like this.
    """

    advice = (
        "Something before Intercom answered, such as a proxy or a firewall: check base_url; if it is right, run again "
        "later, nothing is lost."
    )


class RateLimited(IntercomError):
    """The error of a 429: the allowance of this 10-second window is used up."""

    advice = "Other apps use the same budget; run again later or lower --max-rate-share."

    def __init__(self, failure: Failure, wait_seconds: float) -> None:
        super().__init__(failure)
        self.wait_seconds = wait_seconds


class TokenRejected(IntercomError):
    """The error of an access token that Intercom does not accept."""

    advice = (
        "Check access_token under [sources.intercom] in .dlt/secrets.toml (or SOURCES__INTERCOM__ACCESS_TOKEN), "
        "and that region (us, eu or au), or base_url where that is set, is the workspace's own."
    )


ANY_RESOURCE = "RESOURCE"
TASKS = ("sweep_", "audit_")  # so the names begin of what reads a resource in another way than a sync


class AccessDenied(IntercomError):
    """The error of a token that works, but not here: a permission or the plan is missing."""

    def __init__(self, failure: Failure, resource: str = ANY_RESOURCE) -> None:
        super().__init__(failure)
        self.resource = resource
        self.advice = "Give the app this permission in Intercom's Developer Hub (or check the plan)"
        if not resource.startswith(TASKS):
            self.advice += f", or leave the resource out: intercom-elt sync --exclude {resource}"
        self.advice += "."


class RecordDenied(IntercomError):
    """The error of one record that the token may not read although it may read its area.

    Of a conversation that has become a ticket, Intercom wants the permission for tickets (unversioned changes of July
    2024, "Enforce ticket permissions on the Conversations API"), and no longer lists it without.
    """

    def __init__(self, failure: Failure) -> None:
        is_conversation = failure.path.startswith("/conversations/")
        super().__init__(failure, _OF_A_CONVERSATION if is_conversation else _OF_A_RECORD)


_OF_A_CONVERSATION = (
    'A conversation that has become a ticket needs the permission "Read tickets": give it to the app in Intercom\'s '
    "Developer Hub."
)
_OF_A_RECORD = "The token may read others of its kind: look at the app's permissions in Intercom's Developer Hub."


class NotFound(IntercomError):
    """The error of a record that does not exist (any more); `server_at` is Intercom's clock at that moment."""

    advice = "If this is a whole list, check base_url: does an Intercom answer there?"

    def __init__(self, failure: Failure, advice: str | None = None, server_at: float | None = None) -> None:
        super().__init__(failure, advice)
        self.server_at = server_at


class ScrollOccupied(IntercomError):
    """The error that another reader holds the one company scroll that a workspace has."""

    advice = (
        "Another tool scrolls the companies of this workspace; it ends a minute after its last page. Run again then."
    )


class ExportOccupied(IntercomError):
    """The error that another content data export is going on in this workspace, and only one can."""

    advice = (
        "Another tool or person exports content data of this workspace; run again when that job has ended, "
        "or cancel it there."
    )


class ExportFailed(IntercomError):
    """The error of an export job that Intercom could not finish."""

    advice = "Run again later; if it fails again, lower export_days_per_job or export_days under [sources.intercom]."


class ExportCut(IntercomError):
    """The error of an export file with as many rows as Intercom gives at most: others may be missing."""


class PageCursorRefused(IntercomError):
    """The error of a page cursor that Intercom does not accept (any more)."""

    advice = "Run again: the listing starts over at the watermark."


class InvalidRequest(IntercomError):
    """The error of a request that Intercom understood and refuses."""

    advice = (
        "Check base_url, region and versions under [sources.intercom]. If they are right, Intercom's API has changed: "
        "please report this line."
    )


class IncompleteListing(IntercomError):
    """The error of pages that repeat or contradict themselves: stopping is safer than loading them."""

    advice = "The resource was stopped to keep the tables right; run again, and report this line if it happens again."


class RecordsHidden(IncompleteListing):
    """A few records fewer were listed than Intercom counts, while others came twice: all that was listed is loaded."""

    advice = (
        "All that was listed is loaded, and the next run reads the same again. If it ends with no larger gap it is "
        "a warning then; `intercom-elt audit` looks for what is missing."
    )


class RecordsUnread(IntercomError):
    """The error of listed records that cannot be read in full, or cannot be loaded."""

    advice = (
        "Everything else is loaded; these are in the table unreadable_records, and asked for again by every run. "
        "If they stay there, report them to Intercom's support."
    )
    advice_if_denied = (
        "Those that answered 401, 402 or 403 the token may not read: look at the app's permissions in Intercom's "
        'Developer Hub; a conversation that has become a ticket needs the permission "Read tickets".'
    )


class TooManyUnread(IntercomError):
    """The error of so many unreadable records that the API must have changed."""

    advice = (
        "The resource was stopped to keep the tables right. If it happens again, upgrade, or report this line: "
        "Intercom seems to write these records in another way now."
    )


class Stopped(IntercomError):
    """The error of a request that was not sent, because the run ends."""

    advice = "Run the same command again to continue."


NOT_FOUND = 404
PLAN_RESTRICTED = "api_plan_restricted"
AREA_UNAUTHORIZED = "token_unauthorized"  # a 401 that is meant like a 403
