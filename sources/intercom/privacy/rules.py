"""The privacy rules of one run: which columns and JSON keys are concealed, and how.

A name is `table.column` or `table.column.key`, each a pattern. It stands for the column as it is called in the
database; a name of a nested object stands for all of its columns. Names are checked, because a misspelled one would
silently protect nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Literal

from dlt.common.normalizers.naming.snake_case import NamingConvention

from ..configuration import ConfigurationError
from ..configuration.privacy_settings import SECTION, PrivacyConfiguration
from ..rows.table import REMOVES, Row, Table
from .concealment import Conceal, hashing, inside, leave_out, redact

Action = Literal["leave_out", "redact", "hash"]
ACTIONS: tuple[Action, ...] = ("leave_out", "redact", "hash")  # of two rules for one column the first one counts

SHORTEST_HASH_KEY = 16
MOST_SUGGESTIONS = 3
ALIKE, LOOSELY_ALIKE = 0.75, 0.6  # of 1
NO_TEXT = frozenset({"bigint", "double", "bool", "date"})
BODY, REMOVED = "body", "redacted"  # columns of a part: what was written, and whether it was removed

_naming = NamingConvention()


@dataclass(frozen=True)
class Rule:
    """A privacy rule for the columns that a name stands for, or for `keys` inside them."""

    action: Action
    table: str
    column: str
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The privacy rule's name as it was configured."""
        return ".".join((self.table, self.column, *self.keys))

    @property
    def is_pattern(self) -> bool:
        """True if the rule's name may stand for several columns: those that cannot be concealed are skipped."""
        return any(character in self.table + self.column for character in "*?[")

    def covers(self, table: str, column: str) -> bool:
        """Return True if the privacy rule is about a column, by its own name or that of an object it belongs to."""
        return fnmatchcase(table, self.table) and any(fnmatchcase(name, self.column) for name in _own_and_outer(column))

    def applies_to(self, table: Table, column: str) -> bool:
        """Return True if the rule conceals the column: a key never, and only texts and JSON are redacted or hashed."""
        if column in table.key or column == REMOVES or not self.covers(table.name, column):
            return False
        declared = table.columns.get(column)
        return self.action == "leave_out" or declared is None or declared.data_type not in NO_TEXT


@dataclass(frozen=True)
class Privacy:
    """The privacy rules of a run, applied to rows on their way to dlt."""

    rules: tuple[Rule, ...] = ()
    hash_key: str = ""
    _by_column: dict[tuple[str, str], Conceal | None] = field(default_factory=dict)

    @classmethod
    def of(cls, configuration: PrivacyConfiguration, tables: Mapping[str, Table]) -> "Privacy":
        """Return the configured privacy rules, or raise ConfigurationError for the first invalid one."""
        if unknown := configuration.unknown_settings():
            known = ", ".join(sorted(configuration))
            raise ConfigurationError(f"[{SECTION}] has no setting {unknown[0]!r}. Settings: {known}.")
        if configuration.bodies not in {"keep", "redact", "leave_out"}:
            raise ConfigurationError(f"bodies is {configuration.bodies!r}; use keep, redact or leave_out.")
        if configuration.hash and len(configuration.hash_key.strip()) < SHORTEST_HASH_KEY:
            message = f"hash needs a secret. Put hash_key under [{SECTION}] in .dlt/secrets.toml, "
            raise ConfigurationError(message + f"at least {SHORTEST_HASH_KEY} characters that nobody can guess.")
        rules = [rule for action in ACTIONS for rule in _named(action, getattr(configuration, action))]
        for rule in rules:
            _check(rule, tables)
        if configuration.bodies != "keep":
            action: Action = "redact" if configuration.bodies == "redact" else "leave_out"
            rules += _named(action, written(tables))
        rules.sort(key=lambda rule: ACTIONS.index(rule.action))
        return cls(tuple(dict.fromkeys(rules)), configuration.hash_key.strip())

    def protected(self, table: Table, rows: list[Row]) -> list[Row]:
        """Return `rows` as the privacy rules let them be loaded."""
        if not any(fnmatchcase(table.name, rule.table) for rule in self.rules):
            return rows
        return [self._row(table, row) for row in rows]

    def concealing(self, table: Table, column: str) -> Conceal | None:
        """Return what the privacy rules do to the values of a column, or None if they are loaded as they are."""
        key = (table.name, column)
        if key not in self._by_column:
            self._by_column[key] = self._concealing(table, database_name(column))
        return self._by_column[key]

    def _concealing(self, table: Table, column: str) -> Conceal | None:
        conceals: list[Conceal] = []
        for rule in self.rules:  # the strongest first
            if rule.applies_to(table, column):
                conceal = self._conceal(rule.action)
                conceals.append(inside(rule.keys, conceal) if rule.keys else conceal)
                if not rule.keys:
                    break  # a weaker one adds nothing
        return _all_of(conceals[::-1]) if conceals else None

    def _conceal(self, action: Action) -> Conceal:
        return {"leave_out": leave_out, "redact": redact}.get(action) or hashing(self.hash_key)

    def _row(self, table: Table, row: Row) -> Row:
        protected: Row = {}
        for column, value in row.items():
            conceal = self.concealing(table, column)
            kept = value if conceal is None else conceal(value)
            if kept is not None:
                protected[column] = kept
        return protected | self._left_out_body(table, row, protected)

    def _left_out_body(self, table: Table, row: Row, protected: Row) -> Row:
        """Return what says that a rule left a body out: without it, models would not count the part as a reply."""
        was_left_out = row.get(BODY) and BODY not in protected
        can_be_said = REMOVED in table.columns and self.concealing(table, REMOVED) is None
        return {REMOVED: True} if was_left_out and can_be_said else {}


def written(tables: Mapping[str, Table]) -> list[str]:
    """Return what the rule `bodies` means: everything that customers and teammates wrote, and the files they sent."""
    return [
        f"{table.name}.{column}"
        for table in tables.values()
        for column in table.columns_that_say("written", "attached")
    ]


def database_name(column: str) -> str:
    """Return the name that a column has in the database, to which a rule's name is compared."""
    return _naming.normalize_path(column)


def _all_of(conceals: list[Conceal]) -> Conceal:
    """Return a function that conceals in this order: the strongest one has the last word."""

    def concealed(value: object) -> object:
        for conceal in conceals:
            value = conceal(value)
        return value

    return conceals[0] if len(conceals) == 1 else concealed


def _own_and_outer(column: str) -> Iterator[str]:
    """Yield the names by which a rule covers a column: `a__b__c`, `a__b`, `a`; of `a___b` also `a` (field `_b`).

    A value that does not fit its column, and is kept in one called `column__v_type`, belongs to the column by that.
    """
    yield column
    yield from (column[:position] for position in range(1, len(column)) if column.startswith("__", position))


def _named(action: Action, names: Iterable[str]) -> Iterator[Rule]:
    for name in names:
        table, _, rest = str(name).strip().partition(".")
        column, *keys = rest.split(".")
        if not table or not column or not all(keys):
            message = f"{action}: there is no column {name!r}; write table.column, such as contacts.phone."
            raise ConfigurationError(message)
        yield Rule(action, table, column, tuple(keys))


def _check(rule: Rule, tables: Mapping[str, Table]) -> None:
    covered = [
        (table, column) for table in tables.values() for column in table.columns if rule.covers(table.name, column)
    ]
    if not covered:
        _check_undeclared(rule, tables)
        return
    if any(rule.applies_to(table, column) for table, column in covered):
        usable = [(table, column) for table, column in covered if rule.applies_to(table, column)]
        if rule.keys and not any(table.columns[column].data_type == "json" for table, column in usable):
            table, column = usable[0]
            message = f"{table.name}.{column} is no JSON column, it has no {'.'.join(rule.keys)!r}"
            raise ConfigurationError(f"{rule.action}: {message}. Names of nested columns are written with __.")
        return
    table, column = covered[0]
    if column in table.key:
        message = f"{table.name}.{column} is (part of) the key of its table; keys cannot be protected"
    else:
        message = f"{table.name}.{column} is no text ({table.columns[column].data_type}); use leave_out"
    raise ConfigurationError(f"{rule.action}: {message}.")


def _check_undeclared(rule: Rule, tables: Mapping[str, Table]) -> None:
    """Check a rule for a column that docs/tables.md lacks: a pattern is right unless it looks like a typing error."""
    named = [table for table in tables.values() if fnmatchcase(table.name, rule.table)]
    wanted = rule.column.replace("*", "")
    like = named or [tables[name] for name in get_close_matches(rule.table, tables)]
    cutoff = ALIKE if rule.is_pattern else LOOSELY_ALIKE
    near = [
        f"{table.name}.{column}" for table in like for column in get_close_matches(wanted, table.columns, cutoff=cutoff)
    ]
    if named and rule.is_pattern and not near:
        return
    message = f"{rule.action}: there is no column {rule.table}.{rule.column}"
    if near:
        message += f"; did you mean {' or '.join(near[:MOST_SUGGESTIONS])}?"
    if named and not rule.is_pattern:
        message += f" A column that docs/tables.md does not list is written as a pattern: {rule.table}.{rule.column}*"
    elif not near:
        message += f". Tables: {', '.join(tables)}."
    raise ConfigurationError(message)
