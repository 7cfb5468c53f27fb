"""One field compared with one value: a test of a record."""

import re
from collections.abc import Callable, Collection
from operator import ge, gt, le, lt

from simulator.record import Record
from simulator.search.dialect import Dialect
from simulator.search.fields import DATE, STRING, Field

Test = Callable[[object], bool]
NUMBER_TESTS: dict[str, Callable[[float, float], bool]] = {">": gt, "<": lt, ">=": ge, "<=": le}
TAGS = re.compile(r"<[^>]*>")
WORD = re.compile(r"\w+")


def comparison(dialect: Dialect, target: Field, operator: str, value: object) -> Callable[[Record], bool]:
    """Return the test whether a record's field compares with the value as the operator says."""
    read = target.read
    if target.is_multiple:
        return _of_many(target, operator, value)
    is_by_words = target.name == "source.body" and operator in {"=", "~"}
    test = _body_test(value) if is_by_words else _test(dialect, target, operator, value)
    return lambda record: test(read(record))


def _of_many(target: Field, operator: str, value: object) -> Callable[[Record], bool]:
    wanted: Collection[object] = value if isinstance(value, list) else [] if value is None else [value]
    is_negative = operator in {"!=", "NIN"}

    def matches(record: Record) -> bool:
        values = target.read(record)
        assert isinstance(values, list)  # noqa: S101 - says to the type checker what is_multiple means
        has_any = any(item in wanted for item in values) if wanted else not values
        return has_any != is_negative

    return matches


def _test(dialect: Dialect, target: Field, operator: str, value: object) -> Test:
    if operator == "=" and (value is None or target.kind != DATE):
        return lambda found: _plain(target, found) == value
    if operator == "!=":
        return lambda found: _plain(target, found) != value
    if operator in {"IN", "NIN"} and isinstance(value, list):
        is_wanted = operator == "IN"
        return lambda found: (_plain(target, found) in value) is is_wanted
    if target.kind == DATE:
        low, high = dialect.date_range(operator, int(str(value)))
        return lambda found: isinstance(found, int) and low <= found < high
    if operator in NUMBER_TESTS:
        return _number_test(target, NUMBER_TESTS[operator], value)
    return _text_test(operator, str(value))


def _number_test(target: Field, compare: Callable[[float, float], bool], value: object) -> Test:
    if target.is_ordered:
        limit = _number(value)
        return lambda found: compare(_number(found), limit)
    limit = float(str(value))
    return lambda found: isinstance(found, (int, float)) and compare(found, limit)


def _number(identity: object) -> float:
    """Return the number that an id is compared as; an empty one comes before all."""
    text = str(identity)
    return int(text) if text.isdecimal() else -1


def _plain(target: Field, found: object) -> object:
    # A number in the record answers a search for text: `statistics.last_closed_by_id` is one.
    return str(found) if target.kind == STRING and isinstance(found, int) and not isinstance(found, bool) else found


def _text_test(operator: str, value: str) -> Test:
    wanted = value.lower()
    tests: dict[str, Callable[[str], bool]] = {
        "~": lambda text: wanted in text,
        "!~": lambda text: wanted not in text,
        "^": lambda text: text.startswith(wanted),
        "$": lambda text: text.endswith(wanted),
    }
    test = tests[operator]
    return lambda found: test(str(found or "").lower())


def _body_test(value: object) -> Test:
    wanted = set(WORD.findall(str(value).lower()))
    return lambda found: wanted <= set(WORD.findall(TAGS.sub(" ", str(found or "")).lower()))
