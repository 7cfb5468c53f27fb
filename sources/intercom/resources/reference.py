"""The small reference lists that are read whole in every run."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from ..api.errors import AccessDenied, IntercomError, InvalidRequest, NotFound
from ..api.explanation import explained
from ..api.record import Record
from ..incremental.dlt_state import PartsState, opened
from ..incremental.whole_list import all_records, whole, whole_list, whole_rows
from ..reading.reading import Reading
from ..reading.resource import Resource
from ..rows.flatten import as_id, flatten, inner_list
from ..rows.table import Rows, Table, integer, json, text, truth, unix_seconds

TAGS_TABLE = Table(
    name="tags",
    one_row="a tag",
    key=("id",),
    columns=text("impersonal", id="Intercom's id", type="always tag", name="name"),
    replaced="whole",
)
SEGMENTS_TABLE = Table(
    name="segments",
    one_row="a segment of contacts or of companies",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        model="contact or company: whose segment it is",
        type="always segment",
        name="name",
        person_type="contact (leads), user, or company",
    )
    | unix_seconds(created_at="when it was created", updated_at="last change")
    | integer(count="members"),
    replaced="whole",
)
SUBSCRIPTION_TYPES_TABLE = Table(
    name="subscription_types",
    one_row="a kind of message that people can subscribe to",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        type="always subscription",
        state="live, draft or archived",
        consent_type="opt_in or opt_out",
        default_translation__name="name",
        default_translation__description="description",
        default_translation__locale="language of the name",
    )
    | json("impersonal", translations="name and description in other languages", content_types="email, sms_message"),
    replaced="whole",
)
DATA_ATTRIBUTES_TABLE = Table(
    name="data_attributes",
    one_row="an attribute of contacts, companies or conversations",
    key=("model", "full_name", "id"),  # two live attributes may share a name
    columns=text(
        "impersonal",
        model="contact, company or conversation",
        full_name="path of the attribute, such as custom_attributes.plan",
        id="Intercom's id; empty for built-in attributes, which have none",
        type="always data_attribute",
        name="name",
        label="what people see",
        description="description",
        data_type="string, integer, float, boolean, date, …",
        admin_id="admins.id of who created it",
    )
    | unix_seconds(created_at="when it was created", updated_at="last change")
    | truth(
        api_writable="can be set by the API",
        messenger_writable="can be set by the Messenger",
        ui_writable="can be set by teammates",
        custom="the workspace's own",
        archived="archived",
    )
    | json("impersonal", options="values to choose from"),
    replaced="whole",
    may_be_empty=("id",),
)
TICKET_TYPES_TABLE = Table(
    name="ticket_types",
    one_row="a kind of ticket",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        type="always ticket_type",
        name="name",
        description="description",
        icon="emoji",
        workspace_id="the workspace's id code",
        category="Customer, Back-office or Tracker",
    )
    | unix_seconds(created_at="when it was created", updated_at="last change")
    | truth(archived="archived", is_internal="for teammates only"),
    replaced="whole",
)
TICKET_TYPE_ATTRIBUTES_TABLE = Table(
    name="ticket_type_attributes",
    one_row="an attribute of a ticket type",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        ticket_type_id="ticket_types.id",
        type="always ticket_type_attribute",
        workspace_id="the workspace's id code",
        name="name",
        description="description",
        data_type="string, list, integer, decimal, boolean, datetime or files",
    )
    | integer(order="place in the form")
    | unix_seconds(created_at="when it was created", updated_at="last change")
    | truth(
        required_to_create="teammates must fill it in",
        required_to_create_for_contacts="customers must fill it in",
        visible_on_create="teammates see it in the form",
        visible_to_contacts="customers see it",
        default="part of every ticket type",
        archived="archived",
    )
    | json("impersonal", input_options="multiline, or the values to choose from"),
    replaced="whole",
)


Refusals = dict[str, IntercomError]  # by the name of a part

SEGMENT_KINDS = ("contact", "company")
MODELS = ("contact", "company", "conversation")


def segments(reading: Reading) -> tuple[list[Record], Refusals]:
    """List the segments of both kinds, and the kinds that are refused; a plain call lists only those of contacts.

    They get the name of their kind, for Intercom describes no `person_type` of a company's. What both calls list is of
    contacts: Intercom has ignored the parameter, which is undocumented.
    """
    listed = partial(all_records, reading, "/segments", "segments", include_count="true")
    types = {"contact": None, "company": "company"}
    found, refusals = _parts({kind: partial(listed, type=types[kind]) for kind in SEGMENT_KINDS})
    by_id: dict[object, Record] = {}
    for kind, part in found.items():
        for segment in part:
            by_id.setdefault(as_id(segment["id"]), segment | {"model": kind})
    return list(by_id.values()), refusals


def segment_rows(records: list[Record]) -> Rows:
    """Return the rows of segments, a reference list."""
    return [(SEGMENTS_TABLE, [flatten(segment) for segment in records])]


def data_attributes(reading: Reading) -> tuple[list[Record], Refusals]:
    """List the data attributes of all three models, archived ones too, and the models that are refused.

    There is one call for each model, whose name the attributes get.
    """
    listed = partial(all_records, reading, "/data_attributes", include_archived="true")
    found, refusals = _parts({model: partial(listed, model=model) for model in MODELS})
    return [attribute | {"model": model} for model, part in found.items() for attribute in part], refusals


def data_attribute_rows(records: list[Record]) -> Rows:
    """Return the rows of data attributes, a reference list; those built in have no id."""
    return [(DATA_ATTRIBUTES_TABLE, [{"id": "", **flatten(attribute)} for attribute in records])]


def _parts(calls: Mapping[str, Callable[[], list[Record]]]) -> tuple[dict[str, list[Record]], Refusals]:
    """Return the records of a reference list that each call lists, and the errors of those that Intercom refuses.

    Some workspaces refuse `model=company`, which is no reason to load nothing of the others. If all are refused, the
    first error is raised.
    """
    refusals: Refusals = {}
    parts: dict[str, list[Record]] = {}
    for name, call in calls.items():
        try:
            parts[name] = call()
        except (InvalidRequest, AccessDenied, NotFound) as error:
            refusals[name] = error
    if refusals and not parts:
        raise next(iter(refusals.values()))
    return parts, refusals


def _in_parts(
    name: str,
    table: Table,
    parts: tuple[str, ...],
    list_all: Callable[[Reading], tuple[list[Record], Refusals]],
    rows_of: Callable[[list[Record]], Rows],
) -> Resource:
    """Return the resource of a reference list in parts; without a refused part it is loaded, but fails.

    Not without one that has ever answered: its rows are in the table, which would lose them. A full refresh goes on
    without that one, too. State of the first releases, which did not say who had answered, is of tables with all parts.
    """

    def read(reading: Reading) -> Iterator[Rows]:
        state = opened(reading.state, PartsState)
        of_old = list(parts) if "loaded" in state else []
        answered = [] if reading.session.wishes.from_scratch else state.get("answered", of_old)
        records, refusals = list_all(reading)
        for part in answered:
            if part in refusals:
                raise _with_way_out(refusals[part], name, part)
        yield from whole_rows(reading, records, rows_of)
        state["answered"] = [part for part in parts if part not in refusals]
        if refusals:
            raise next(iter(refusals.values()))

    return Resource(name, (table,), read, (f"GET /{name}",))


def _with_way_out(refusal: IntercomError, name: str, part: str) -> IntercomError:
    error = explained(refusal, name)
    error.advice = (
        f"{error.advice} Until then {name} stays as it is, because rows of {part} are in it; "
        f"`intercom-elt sync {name} --full-refresh` loads it without them."
    )
    return error


def ticket_types(reading: Reading) -> list[Record]:
    """List the ticket types with their attributes, which no endpoint lists by themselves."""
    return all_records(reading, "/ticket_types", "ticket_types")


def ticket_type_rows(records: list[Record]) -> Rows:
    """Return the rows of ticket types, a reference list, and of their attributes."""
    attributes = [
        {"ticket_type_id": as_id(kind["id"])} | flatten(attribute, {"input_options"})
        for kind in records
        for attribute in inner_list(kind, "ticket_type_attributes")
    ]
    types = [flatten(kind, without={"ticket_type_attributes"}) for kind in records]
    return [(TICKET_TYPES_TABLE, types), (TICKET_TYPE_ATTRIBUTES_TABLE, attributes)]


REFERENCE = (
    whole_list("tags", "/tags", TAGS_TABLE, flatten),
    _in_parts("segments", SEGMENTS_TABLE, SEGMENT_KINDS, segments, segment_rows),
    whole_list("subscription_types", "/subscription_types", SUBSCRIPTION_TYPES_TABLE, flatten),
    _in_parts("data_attributes", DATA_ATTRIBUTES_TABLE, MODELS, data_attributes, data_attribute_rows),
    whole(
        "ticket_types",
        (TICKET_TYPES_TABLE, TICKET_TYPE_ATTRIBUTES_TABLE),
        ticket_types,
        ticket_type_rows,
        "GET /ticket_types",
    ),
)
