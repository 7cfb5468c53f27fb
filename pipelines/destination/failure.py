"""Why a destination failed, in one line that says what to do next."""

import re

from dlt.common.configuration.exceptions import ConfigFieldMissingException
from dlt.common.destination.exceptions import DestinationException
from dlt.pipeline.exceptions import PipelineStepFailed

DESTINATION_ERRORS = (PipelineStepFailed, DestinationException, OSError)
LONGEST_REASON = 300  # characters; what follows may quote rows
_LOCKED = re.compile(r'lock on file "(?P<file>[^"]+)": Conflicting lock is held in (?P<holder>[^.]*\S+ \(PID \d+\))')
# In these ways databases quote values. Their addresses hold passwords.
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\([^()]*\)=\([^()]*\)|\S+@\S+")
_FULL = ("no space left", "file too large", "disk full", "disk quota", "could not extend file", "out of disk")
_GONE = (
    *("connection refused", "server closed the connection", "connection already closed", "terminating connection"),
    *("could not connect", "connection to server", "timeout expired", "could not translate host name"),
    *("shutting down", "starting up"),
)


def without_values(text: str) -> str:
    """Return one printable line without what errors quote: values of rows, and addresses, which may hold passwords."""
    line = "".join(sign if sign.isprintable() else " " for sign in _QUOTED.sub("…", text)).strip()
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"


def destination_failure(error: BaseException) -> str:
    """Return the cause in one line, without the rows that dlt may quote, and what to do about it."""
    for cause in _behind(error):
        text = str(cause).lower()
        if isinstance(cause, ConfigFieldMissingException):
            return _missing(cause)
        if found := _LOCKED.search(str(cause)):
            return f"{found['file']} is in use by {found['holder']}. Close it there"
        if any(words in text for words in _FULL):
            return f"{_reason(cause)}. Free space on the disk of the destination and of dlt's working folder"
        if any(words in text for words in _GONE):
            return f"{_reason(cause)}. Check that the destination is running and can be reached from here"
    while error.__cause__ is not None:
        error = error.__cause__
    return _reason(error)


def _behind(error: BaseException) -> list[BaseException]:
    """Return the error and what has led to it, the innermost first: a clean-up that failed hides the real reason."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.insert(0, following)
        following = following.__cause__ or following.__context__
    return found


def _reason(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:LONGEST_REASON].rstrip('.') if lines else 'no details'}"


def _missing(error: ConfigFieldMissingException) -> str:
    fields = ", ".join(error.fields)
    return (
        f"Settings of the destination are missing: {fields}. Put them into .dlt/secrets.toml, such as "
        "[destination.postgres.credentials]"
    )
