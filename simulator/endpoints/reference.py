"""What other records refer to: tags, segments, subscription types, data attributes."""

from simulator import errors
from simulator.http.call import Call
from simulator.record import Record

MODELS = ("contact", "company", "conversation")


def list_tags(call: Call) -> Record:
    """Answer GET /tags."""
    return {"type": "list", "data": list(call.workspace.tags)}


def show_tag(call: Call) -> Record:
    """Answer GET /tags/{id}."""
    return call.one_of(call.workspace.tags)


def list_segments(call: Call) -> Record:
    """Answer GET /segments: contact segments, or company segments with the undocumented `type=company`."""
    is_company = call.query.get("type") == "company"
    segments = [each for each in call.workspace.segments if (each.get("person_type") == "company") is is_company]
    if call.is_set("include_count"):
        segments = [{**segment, "count": count_members(call, segment)} for segment in segments]
    return {"type": "segment.list", "segments": segments}


def show_segment(call: Call) -> Record:
    """Answer GET /segments/{id}."""
    return call.one_of(call.workspace.segments)


def count_members(call: Call, segment: Record) -> int:
    """How many contacts or companies are in a segment: the `count` of its answer."""
    segment_id = segment["id"]
    if segment.get("person_type") == "company":
        lists = (company["segments"]["segments"] for company in call.workspace.companies)
    else:
        lists = (contact["segments"]["data"] for contact in call.workspace.contacts)
    return sum(any(item["id"] == segment_id for item in items) for items in lists)


def list_subscription_types(call: Call) -> Record:
    """Answer GET /subscription_types."""
    return {"type": "list", "data": list(call.workspace.subscription_types)}


def list_data_attributes(call: Call) -> Record:
    """Answer GET /data_attributes: of one model or all, archived ones only when asked for."""
    model = call.query.get("model")
    if model is not None and model not in MODELS:
        raise errors.parameter_invalid(f"model must be one of: {', '.join(MODELS)}")
    has_archived = call.is_set("include_archived")
    attributes = call.workspace.data_attributes
    found = [each for each in attributes if model in {None, each.get("model")}]
    return {"type": "list", "data": [each for each in found if has_archived or not each.get("archived")]}
