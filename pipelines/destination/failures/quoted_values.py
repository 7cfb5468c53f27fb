"""Takes the values of rows, which databases quote in errors, out of texts.

| for | function | what is left |
|---|---|---|
| a traceback, a library's log | `without_rows` | all lines, without what is known to be a value |
| a log for machines, a chat | `without_values` | one line, without anything in quotation marks and without addresses |
| the same, in our own words | `without_given_values` | one line, without what we quote, but for names in "…" |
| a message about a database's error | `complaint` (`transforms.runner`) | what the database says, in one line |
| a message with words of others | `safe_line` (`sources.intercom.secrecy`) | one line, without secrets |
"""

import re

from sources.intercom.secrecy.safe_text import masked
from transforms.runner.database_error import without_quoted_values

LONGEST_REASON = 600  # characters
# PostgreSQL says values in lines of their own; inside of another text their ends are escaped.
_LINES = re.compile(r"(?m)(^|\\n)([ \t]*(?:DETAIL|CONTEXT|QUERY|STATEMENT)):(?:(?!\\n).)*")
# The ways in which databases quote values. Addresses hold passwords.
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\([^()]*\)=\([^()]*\)|\S+@\S+")
_GIVEN = re.compile(r"(?<!\w)'[^']*'|\S+@\S+")  # behind a letter it is an apostrophe; "Read tickets" is what helps


def without_rows(text: str) -> str:
    """Return a traceback or log without the rows that it quotes: no values, secrets or people's addresses."""
    return masked(without_quoted_values(_LINES.sub(r"\1\2: …", text)))


def without_values(text: str) -> str:
    """Return a failure's text in one printable line, without quoted values of rows and addresses with passwords."""
    return _line(_QUOTED.sub("…", text))


def without_given_values(text: str) -> str:
    """Return our own words in one printable line, without the values of settings that they quote, and addresses."""
    return _line(_GIVEN.sub("…", text))


def _line(text: str) -> str:
    line = "".join(sign if sign.isprintable() else " " for sign in text).strip()
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"
