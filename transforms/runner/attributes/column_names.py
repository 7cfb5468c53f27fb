"""Names for the columns of custom attributes: unique, and valid without quotes in every warehouse."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from transforms.runner.attributes.declared_attributes import Attribute
from transforms.runner.model_graph.model import LONGEST_NAME

LONGEST_BASE = LONGEST_NAME - 7  # the rest is for numbers of similar names

# Words that at least one warehouse does not accept as an unquoted column name.
RESERVED_WORDS = """
    all analyse analyze and any array as asc assert_rows_modified asymmetric at authorization between binary both by
    case cast check collate collation column concurrently connect constraint contains create cross cube current
    current_catalog current_date current_role current_schema current_time current_timestamp current_user default
    deferrable define delete desc describe distinct do drop else end enum escape except exclude exists extract false
    fetch following for foreign freeze from full grant group grouping groups hash having if ignore ilike in
    increment initially inner insert intersect interval into is isnull join lambda lateral leading left like limit
    localtime localtimestamp lookup merge minus natural new no not notnull null nulls of off offset old on only or
    order outer over overlaps partition pivot pivot_longer pivot_wider placing preceding primary proto qualify range
    recursive references regexp respect returning revoke right rlike rollup row rows sample select session_user set
    show similar some start struct summarize symmetric system_user table tablesample then to trailing treat trigger
    true try_cast unbounded union unique unnest unpivot update user using values variadic verbose view when whenever
    where window with within
    tableoid xmin cmin xmax cmax ctid
"""
RESERVED = frozenset(RESERVED_WORDS.split())


def column_names(attributes: Iterable[Attribute], taken: str) -> Iterator[tuple[str, str, Attribute]]:
    """Yield for each attribute its column's name, the name of the column for texts that do not fit it, and itself.

    Every warehouse takes the names bare; none is there twice, and none is `taken`. "Plan Größe" becomes plan_grosse; of
    two that are alike, such as "plan" and "Plan", the later one becomes plan_2. No other one ever gets a name of
    an older attribute, even if that is archived, or has no such texts yet.
    """
    used = {taken}
    for attribute in attributes:
        column = _unused(_safe(attribute.name), used)
        yield column, _unused(f"{column[:LONGEST_BASE]}_text", used), attribute


def _unused(base: str, used: set[str]) -> str:
    column = base
    number = 1
    while column in used:
        number += 1
        column = f"{base[: LONGEST_NAME - len(str(number)) - 1]}_{number}"
    used.add(column)
    return column


def _safe(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if not words or words[0].isdigit() or words in RESERVED:
        words = f"attribute_{words}"
    return words[:LONGEST_BASE].strip("_")
