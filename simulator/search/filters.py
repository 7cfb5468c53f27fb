"""From a search body's `query` to a test of one record, with Intercom's errors for forbidden queries."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator import errors
from simulator.record import Record
from simulator.search.comparisons import comparison
from simulator.search.dialect import Dialect, Range
from simulator.search.fields import DATE, Field
from simulator.search.values import checked_value

Matches = Callable[[Record], bool]
MAX_MEMBERS = 15
MAX_DEPTH = 2
RANGE_OPERATORS = frozenset({"=", ">", "<", ">=", "<="})


@dataclass(frozen=True)
class Filter:
    """A search filter, compiled: time ranges by field, which must all hold, and the rest as a test (None: nothing)."""

    ranges: list[tuple[Field, Range]]
    matches: Matches | None


def compile_query(query: object, dialect: Dialect) -> Filter:
    """Compile the `query` of a search into a filter."""
    members = [query]
    if isinstance(query, dict) and "field" not in query and query.get("operator") == "AND":
        members = _members(query, depth=1)
    ranges: list[tuple[Field, Range]] = []
    tests: list[Matches] = []
    depth = 1 if members == [query] else 2
    for member in members:
        found = _as_range(member, dialect)
        if found is not None:
            ranges.append(found)
        else:
            tests.append(_compile(member, dialect, depth))
    return Filter(ranges, all_of(tests))


def _as_range(node: object, dialect: Dialect) -> tuple[Field, Range] | None:
    if not isinstance(node, dict) or "field" not in node or node.get("operator") not in RANGE_OPERATORS:
        return None
    target, operator, value = _leaf(node, dialect)
    if target.kind != DATE or value is None:
        return None
    return target, dialect.date_range(operator, int(str(value)))


def _compile(node: object, dialect: Dialect, depth: int) -> Matches:
    if not isinstance(node, dict):
        raise _incomplete()
    if "field" in node:
        return comparison(dialect, *_leaf(node, dialect))
    if "operator" not in node or "value" not in node:
        raise _incomplete()
    if node["operator"] not in {"AND", "OR"}:
        raise errors.ApiError(400, "invalid_operator", "Composite operators must be of type AND or OR ")
    tests = [_compile(member, dialect, depth + 1) for member in _members(node, depth)]
    if node["operator"] == "AND":
        return lambda record: all(test(record) for test in tests)
    return lambda record: any(test(record) for test in tests)


def _members(group: Record, depth: int) -> list[object]:
    members = group.get("value")
    if not isinstance(members, list) or not members or depth > MAX_DEPTH:
        raise _incomplete()
    if len(members) > MAX_MEMBERS:
        message = "Number of elements in composite query is greater than 15, please try again with a smaller list"
        raise errors.ApiError(400, "invalid_value", message)
    return members


def _leaf(node: Record, dialect: Dialect) -> tuple[Field, str, object]:
    if not {"field", "operator", "value"} <= node.keys() or not isinstance(node["field"], str):
        raise _incomplete()
    target, operator = dialect.field(node["field"]), node["operator"]
    if operator in {"AND", "OR"}:
        raise errors.server_error()  # what live servers answer to a composite operator on a field
    if operator not in dialect.operators(target):
        raise errors.ApiError(400, "invalid_operator", f"{target.name} does not support operator: {operator}")
    return target, operator, checked_value(target, operator, node["value"])


def _incomplete() -> errors.ApiError:
    message = (
        "Invalid query. Ensure 'field', 'operator', 'value' are present for field queries. "
        "Ensure 'operator' and 'value' for composite queries."
    )
    return errors.ApiError(400, "invalid_query", message)


def all_of(tests: list[Matches]) -> Matches | None:
    """Return the filter's test that holds where all of these do; None without any."""
    if not tests:
        return None
    return tests[0] if len(tests) == 1 else lambda record: all(test(record) for test in tests)
