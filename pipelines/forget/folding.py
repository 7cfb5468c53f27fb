"""Comparing texts without regard to case and blanks: Python decides, the database only preselects.

Databases fold letters each in their own way, by product, version and locale: PostgreSQL may leave É as it is, and
make a letter without a dot of a Turkish I; DuckDB makes i of İ. So a text that Python has folded is compared with one
that a database has folded only in letters in which they cannot differ.
"""

import re

from transforms.runner.warehouse.quoting import string_literal

DOT = "\u0307"  # that the small letter of İ has
# A sigma is the same wherever it stands (`lower` looks at the letters around a capital one), an i with a dot or not.
_ALIKE = str.maketrans({"\u03c2": "\u03c3", "\u0131": "i"})
# Scripts that are written without blanks between words, or with endings at a name: Thai, Lao, Burmese, Hangul, Khmer,
# kana, Chinese characters.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u31ff\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
# What every database leaves or makes as Python does: no blank, no quotation mark, no letter with relatives that some
# fold into it (i of İ, k of the Kelvin sign).
_SAME_EVERYWHERE = re.compile(rf"[a-hjl-z0-9@.+_{UNSPACED}-]+")


def folded(text: str) -> str:
    """Fold the text: small letters, blanks of any kind as one, and none around it."""
    return " ".join(text.lower().replace(f"i{DOT}", "i").translate(_ALIKE).split())


def may_hold(column: str, text: str) -> str:
    """Return a condition that every value meets that holds the text in small letters, or folded; others may, too.

    A text of Cyrillic letters, for one, leaves nothing that all databases fold alike: all values are read then.
    """
    value = f"lower(CAST({column} AS TEXT))"
    pieces = dict.fromkeys(_SAME_EVERYWHERE.findall(text))
    return "(" + (" AND ".join(f"strpos({value}, {string_literal(piece)}) > 0" for piece in pieces) or "TRUE") + ")"
