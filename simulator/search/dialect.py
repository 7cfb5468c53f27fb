"""The differences between the three searches: fields, the meaning of dates, and custom attributes."""

from dataclasses import dataclass, field

from simulator import errors
from simulator.options import Options
from simulator.search import fields
from simulator.search.day_bounds import day_bounds
from simulator.search.fields import BOOLEAN, DATE, INTEGER, STRING, Field, at_path
from simulator.workspace import Workspace

FOREVER = 1 << 62
Range = tuple[int, int]
"""Unix seconds from the first included to the second, which is not included."""

EQUALITY = frozenset({"=", "!=", "IN", "NIN"})
TEXT = frozenset({"~", "!~", "^", "$"})
ORDER = frozenset({">", "<", ">=", "<="})
KINDS = {"integer": INTEGER, "float": INTEGER, "boolean": BOOLEAN, "date": DATE}
"""Type of a custom attribute -> how it is compared; any other type, and there are newer ones, as a text."""


@dataclass(frozen=True)
class Dialect:
    """The search dialect of one entity in one workspace."""

    fields: dict[str, Field]
    timezone: str | None = None
    """Set for contacts, and where `search_by_day`: dates compare by the calendar days of this time zone."""
    is_inclusive: bool = False
    custom: dict[str, Field] = field(default_factory=dict)

    def field(self, name: str) -> Field:
        """Return the field that has this name in the dialect, or raise Intercom's error."""
        found = self.fields.get(name) or self.custom.get(name)
        if found is None:
            if name.startswith("ticket_attribute.") and self.fields is fields.TICKET_FIELDS:
                raise errors.ApiError(400, "field_not_found", "The request ticket attribute ID is not a valid integer")
            raise errors.ApiError(400, "invalid_field", f"{name} is not a valid field")
        return found

    def operators(self, target: Field) -> frozenset[str]:
        """Return the operators that the dialect allows for a field."""
        if target.kind == DATE:
            return frozenset({"=", ">", "<"}) if self.timezone else EQUALITY | ORDER
        if target.name == "tag_id":
            return frozenset({"=", "!="})
        by_kind = {BOOLEAN: EQUALITY, INTEGER: EQUALITY | ORDER, STRING: EQUALITY | TEXT}
        return by_kind[target.kind] | (ORDER if target.is_ordered else frozenset())

    def date_range(self, operator: str, value: int) -> Range:
        """Return the seconds that a date comparison includes: whole days for contacts, exact seconds otherwise."""
        if self.timezone is not None:
            start, end = _day(value, self.timezone)
            return {"=": (start, end), ">": (end, FOREVER), "<": (-FOREVER, start)}[operator]
        inclusive = int(self.is_inclusive)
        return {
            "=": (value, value + 1),
            ">": (value + 1 - inclusive, FOREVER),
            ">=": (value, FOREVER),
            "<": (-FOREVER, value + inclusive),
            "<=": (-FOREVER, value + 1),
        }[operator]


def _day(value: int, timezone: str) -> Range:
    try:
        return day_bounds(value, timezone)
    except (ValueError, OverflowError, OSError):
        return (value, value)  # a time beyond the calendar, such as milliseconds: no record has it


def contact_dialect(workspace: Workspace) -> Dialect:
    """The search dialect of contacts: dates by day, custom attributes by their declared type."""
    custom = {}
    for attribute in workspace.data_attributes:
        if attribute.get("model") == "contact" and attribute.get("custom") and not attribute.get("archived"):
            name = f"custom_attributes.{attribute['name']}"
            custom[name] = Field(name, KINDS.get(attribute["data_type"], STRING), _custom(attribute["name"]))
    return Dialect(fields.CONTACT_FIELDS, timezone=workspace.app["timezone"], custom=custom)


def conversation_dialect(options: Options) -> Dialect:
    """The search dialect of conversations: dates by the second."""
    zone = _zone(options)
    return Dialect(fields.CONVERSATION_FIELDS, timezone=zone, is_inclusive=options.inclusive_search_bounds)


def ticket_dialect(workspace: Workspace, options: Options) -> Dialect:
    """The search dialect of tickets: dates by the second, attributes by their number."""
    custom = {}
    for ticket_type in workspace.ticket_types:
        for attribute in ticket_type["ticket_type_attributes"]["data"]:
            name = f"ticket_attribute.{attribute['id']}"
            kind = {"integer": INTEGER, "decimal": INTEGER, "boolean": BOOLEAN}.get(attribute["data_type"], STRING)
            custom[name] = Field(name, kind, at_path(f"ticket_attributes.{attribute['name']}"))
    zone = _zone(options)
    return Dialect(fields.TICKET_FIELDS, timezone=zone, is_inclusive=options.inclusive_search_bounds, custom=custom)


def _zone(options: Options) -> str | None:
    return "UTC" if options.search_by_day else None


def _custom(name: str) -> fields.Read:
    return lambda record: record["custom_attributes"].get(name)
