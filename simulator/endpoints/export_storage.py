"""The storage where an export's file is, apart from the API: a signed link opens it without a token, as S3 does."""

from collections.abc import Mapping
from hashlib import sha256

from simulator import errors
from simulator.http.answer import Answer
from simulator.workspace.data_export.export_jobs import ExportJob, ExportJobs

PREFIX = "/_signed/"
GOOD_SECONDS = 60
XML = "application/xml"


def link_to(job: ExportJob, base_url: str, now: int) -> str:
    """Return a signed link to an export job's file, good for a minute from `now` on."""
    expires = now + GOOD_SECONDS
    return f"{base_url}{PREFIX}{job.identifier}?expires={expires}&signature={_signature(job.identifier, expires)}"


def answer_signed(
    exports: ExportJobs, path: str, query: Mapping[str, str], headers: Mapping[str, str], now: int
) -> Answer:
    """Answer a signed link with the export's file; one with a token as well, or that is out of date, is refused."""
    if "authorization" in headers:
        return _refused(400, "InvalidArgument", "Only one auth mechanism allowed")
    identifier, expires = path.removeprefix(PREFIX), query.get("expires", "")
    is_good = expires.isdigit() and now < int(expires)
    if not is_good or query.get("signature") != _signature(identifier, int(expires)):
        return _refused(403, "AccessDenied", "Request has expired")
    try:
        return Answer(exports.find(identifier).files, 200, "application/octet-stream")
    except errors.ApiError:
        return _refused(404, "NoSuchKey", "The specified key does not exist.")


def _refused(status: int, code: str, message: str) -> Answer:
    return Answer(f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode(), status, XML)


def _signature(identifier: str, expires: int) -> str:
    return sha256(f"{identifier}-{expires}".encode()).hexdigest()[:32]
