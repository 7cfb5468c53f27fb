"""The exit codes of docs/operating.md, held against every failure that a test provokes."""

import re
from functools import cache

from tests.support.documents.pages import ROOT

LAST_LINE = "intercom-elt: "  # begins the line that ends a command


@cache
def documented_codes():
    """Return message -> exit code, as the table for administrators has them."""
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    table = page.partition("| message contains |")[2].partition("\n\n")[0]
    return {message: int(code) for message, code in re.findall(r"^\| `([^`]+)` \| (\d+) \|", table, re.MULTILINE)}


def check_code(errors, code):
    """Fail where a command ended otherwise than is documented for what it said."""
    for line in errors.splitlines():
        if line.startswith(LAST_LINE):
            said = {message: wanted for message, wanted in documented_codes().items() if message in line}
            assert set(said.values()) <= {code}, (said, code, line)
