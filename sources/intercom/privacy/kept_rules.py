"""The privacy rules that a database was loaded with, kept in it, because weaker ones would undo them."""

import hashlib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from ..rows.table import Table
from .rules import ACTIONS, Privacy, Rule

STATE = "privacy"  # the key under which dlt's state of the source has them
_SALT = b"intercom-elt hash_key"


def kept(privacy: Privacy) -> dict[str, Any]:
    """Return the rules as they are kept in dlt's state; of the key only a fingerprint."""
    record: dict[str, Any] = {"rules": sorted(f"{rule.action} {rule}" for rule in privacy.rules)}
    if any(rule.action == "hash" for rule in privacy.rules):
        record["hash_key"] = fingerprint(privacy.hash_key)
    return record


def weaker(before: Mapping[str, Any], privacy: Privacy, tables: Mapping[str, Table]) -> list[str]:
    """Return, in words, what earlier rules kept out of this database and these would let in; may be empty."""
    lost = [
        f"{rule} ({DONE[rule.action]} before)"
        for rule in map(_read, before.get("rules", ()))
        if not _is_covered(rule, privacy, tables)
    ]
    is_hashed = any(rule.action == "hash" for rule in privacy.rules)
    if is_hashed and is_other_key(before, privacy.hash_key):
        lost.append("hash_key (another one before: the same value would have two hashes)")
    return lost


def is_other_key(before: Mapping[str, Any], hash_key: str) -> bool:
    """Return True if earlier rules hashed values by another key than this one; no key is another one, too."""
    return before.get("hash_key") not in {None, fingerprint(hash_key)}


DONE = {"leave_out": "left out", "redact": "redacted", "hash": "hashed"}


def _read(text: str) -> Rule:
    action, _, name = text.partition(" ")
    table, column, *keys = name.split(".")
    return Rule(next(known for known in ACTIONS if known == action), table, column, tuple(keys))


def _is_covered(rule: Rule, privacy: Privacy, tables: Mapping[str, Table]) -> bool:
    """Return True if the current rules protect all that a kept rule protected, at least as strictly.

    Columns that nobody has declared count too: a pattern is covered by the same or a wider one only.
    """
    strong = [one for one in privacy.rules if ACTIONS.index(one.action) <= ACTIONS.index(rule.action)]
    if any(_is_wider(one, rule) for one in strong):
        return True
    columns = [] if rule.is_pattern else list(_declared(rule, tables))
    return bool(columns) and all(
        any(one.applies_to(table, column) and _has_keys_of(one, rule) for one in strong) for table, column in columns
    )


def _declared(rule: Rule, tables: Mapping[str, Table]) -> Iterator[tuple[Table, str]]:
    table = tables.get(rule.table)
    if table is not None and rule.column in table.columns:
        yield table, rule.column


def _is_wider(one: Rule, other: Rule) -> bool:
    if (one.table, one.column) == (other.table, other.column):
        return _has_keys_of(one, other)
    # Taken as a name, the other pattern stands for everything it covers, if this one's only special signs are stars.
    is_plain = not any(sign in one.table + one.column for sign in "?[")
    return is_plain and one.covers(other.table, other.column) and _has_keys_of(one, other)


def _has_keys_of(one: Rule, other: Rule) -> bool:
    """Return True if a rule covers a kept one's keys: it is about the whole column, or what those keys are in.

    A key may itself hold dots: `plan.name` is also one key of that name, which a rule for `plan` does not reach.
    """
    if len(one.keys) == 1 and other.keys:
        return all(_is_wider_key(one.keys[0], ".".join(other.keys[: depth + 1])) for depth in range(len(other.keys)))
    return not one.keys or (len(one.keys) == len(other.keys) and all(map(_is_wider_key, one.keys, other.keys)))


def _is_wider_key(key: str, other: str) -> bool:
    """Return True if a key, or a pattern of keys, stands for all that the other one stands for."""
    wide, narrow = key.casefold(), other.casefold()
    return wide == narrow or (not any(sign in wide for sign in "?[") and fnmatchcase(narrow, wide))


@lru_cache(maxsize=8)  # slow on purpose, and asked for with every page of what is listed whole
def fingerprint(hash_key: str) -> str:
    """Return the fingerprint by which a rule's key is recognized, because the key itself may not be kept."""
    return hashlib.scrypt(hash_key.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=16).hex()
