"""The logs of dlt, sqlglot and stamina: silent, or without the rows and secrets that they may quote."""

import logging
import traceback

OTHERS = ("dlt", "sqlglot", "stamina")


def quieten_others(*, is_verbose: bool) -> None:
    """Silence the libraries' logs, because a failure is one line here; with `--verbose`, show them without values."""
    for name in OTHERS:
        logging.getLogger(name).filters = [_without_values if is_verbose else _nothing]


def _nothing(record: logging.LogRecord) -> bool:
    return False


def _without_values(record: logging.LogRecord) -> bool:
    from pipelines.destination.failures.quoted_values import without_rows  # noqa: PLC0415 - with dlt, which comes late

    record.msg, record.args = without_rows(record.getMessage()), ()
    if record.exc_info:
        record.exc_text = without_rows("".join(traceback.format_exception(*record.exc_info)).rstrip())
        record.exc_info = None
    return True
