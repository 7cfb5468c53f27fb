"""From a nested record to a flat row: names and values stay Intercom's, ids become text."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from ..api.record import LARGEST_BIGINT, Record, is_id
from .table import REMOVES, Row

# Fields whose keys are the workspace's own, wherever they are: two of them may be one column's name.
FREE_FORM = frozenset({"custom_attributes", "ticket_attributes"})
_OBJECTS = frozenset({dict})
_AS_IT_IS = frozenset({str, bool, float})  # whatever the field is called
_OF_LISTS = frozenset({"type", "url", "total_count", "has_more", "pages"})  # keys of wrappers other than their items
MOST_LEVELS = 20  # levels of nested objects that become columns; deeper ones stay JSON


def flatten(record: Mapping[str, Any], free_form: Collection[str] = (), without: Collection[str] = ()) -> Row:
    """Return `record` as a flat row, with nested objects as `outer__inner` columns.

    `free_form` names the fields whose keys are the workspace's own: they stay one JSON value, as do those of
    `FREE_FORM` at any depth. Fields in `without` have tables of their own. Lists stay JSON. Fields nobody declared are
    kept. Nulls are left out: a row replaces its former version whole, and a null says nothing about the type of a
    column that nobody declared.
    """
    row: Row = {}
    _put_all(row, "", record, free_form, without, MOST_LEVELS)
    if REMOVES in row:  # a field of Intercom's must not be taken for an option
        row[f"{REMOVES}_"] = row.pop(REMOVES)
    return row


def _put_all(
    row: Row,
    prefix: str,
    record: Mapping[str, Any],
    free_form: Collection[str],
    without: Collection[str],
    levels: int,
) -> None:
    for field, value in record.items():
        if value is None or field in without:
            continue
        column = prefix + field
        kind = type(value)  # what JSON decodes to; isinstance took half of the time
        if kind in _AS_IT_IS and column not in row:
            row[column] = value
        elif kind is dict and levels and field not in FREE_FORM and column not in free_form:
            _put_all(row, f"{column}__", value, free_form, (), levels - 1)
        else:
            _put(row, column, field, value)


def _put(row: Row, column: str, field: str, value: Any) -> None:
    while column in row:  # `{"a__b": 1, "a": {"b": 2}}`
        column += "_"
    if field == "id" or field.endswith("_id"):
        row[column] = as_id(value)
    elif field.endswith("_ids") and isinstance(value, list):
        row[column] = [as_id(item) for item in value]
    elif type(value) is int and abs(value) > LARGEST_BIGINT:  # it stays exact as text, in a column of its own
        row[f"{column}__v_text"] = str(value)  # as dlt names what does not fit the column
    else:
        row[column] = value


def with_avatar(record: Record) -> Record:
    """Return a record to be flattened whose `avatar` is an object: it also comes as an address alone, or not at all."""
    avatar = record.get("avatar")
    return record | {"avatar": {"image_url": avatar} if isinstance(avatar, str) else avatar or {}}


def as_id(value: Any) -> Any:
    """Return an id as text: the API writes the same id as a number in one place and as a string in another.

    None stays None, and what can be no id (an object, a list, a truth, a fraction) stays what it is.
    """
    return str(value) if type(value) is int else value


def distinct(items: list[Record], field: str = "id") -> list[Record]:
    """Return `items` without duplicates: of several with one id the last one counts, in the place of the first.

    Items without an id, or with a blank one, are never treated as duplicates.
    """
    if len(items) < 2:  # noqa: PLR2004 - almost all lists of tags, companies and the like
        return items
    by_id: dict[Any, Record] = {}
    for position, item in enumerate(items):
        identity = item.get(field)
        by_id[str(identity) if is_id(identity) else position] = item
    return list(by_id.values())


def inner_list(record: Mapping[str, Any], field: str, *names: str) -> list[Record]:
    """Return the items of a list wrapper (`{"type": "tag.list", "tags": [...]}`) in a nested record, by any of `names`.

    A missing or null wrapper is an empty list; see `objects_of` for items that are no objects. A wrapper that is no
    list is one item, as is a wrapper object without a list, but with fields that wrappers do not have.
    """
    wrapper = record.get(field)
    return [] if wrapper is None else objects_of(_items_of(wrapper, (*names, field, "data")))


def objects_of(items: list[Any]) -> list[Record]:
    """Return the items of a list in a nested record without nulls; one that is no object becomes `{"value": item}`.

    That is loaded if its table needs no id, else it is named as a misfit.
    """
    if not items or _OBJECTS.issuperset(map(type, items)):
        return items
    return [item if isinstance(item, dict) else {"value": item} for item in items if item is not None]


def _items_of(wrapper: Any, names: tuple[str, ...]) -> list[Any]:
    if type(wrapper) is dict:  # almost always, and then with a list
        for name in names:
            items = wrapper.get(name)
            if type(items) is list:
                return items
    others: list[Any] = []
    for value in map(wrapper.get, names) if isinstance(wrapper, dict) else (wrapper,):
        if type(value) is list:
            return value
        if value:
            others.append(value)
    if not others and isinstance(wrapper, dict) and any(wrapper[name] for name in wrapper.keys() - _OF_LISTS):
        return [wrapper]
    return others[:1]


def counts(record: Mapping[str, Any], *fields: str) -> Row:
    """Return flat `<field>__total_count` and `<field>__has_more` of list wrappers, where Intercom sends them."""
    row: Row = {}
    for field, names in _counted(fields):
        wrapper = record.get(field)
        if isinstance(wrapper, dict):
            for name, column in names:
                if name in wrapper:
                    row[column] = wrapper[name]
    return row


@cache
def _counted(fields: tuple[str, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(field, [(name, f"{field}__{name}") for name in ("total_count", "has_more")]) for field in fields]
