"""Removes row values that databases quote in errors from tracebacks and library logs."""

import re

from sources.intercom.secrecy.safe_text import masked
from transforms.runner.database_error import without_known

# PostgreSQL says values in lines of their own; inside of another text their ends are escaped.
_LINES = re.compile(r"(?m)(^|\\n)([ \t]*(?:DETAIL|CONTEXT|QUERY|STATEMENT)):(?:(?!\\n).)*")


def without_rows(text: str) -> str:
    """Return a traceback or log without the rows that it quotes: no values, secrets or people's addresses."""
    return masked(without_known(_LINES.sub(r"\1\2: …", text)))
