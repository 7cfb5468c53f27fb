"""Data events of one contact: pages by URL with milliseconds, or summaries."""

from urllib.parse import urlencode

from simulator import errors
from simulator.http.call import Call
from simulator.http.paging import allowed_per_page
from simulator.record import Record
from simulator.workspace.people import CONTACT_ROLES

DEFAULT_PER_PAGE = 50
MAX_PER_PAGE = 150


def list_events(call: Call) -> Record:
    """Answer GET /events: newest first and younger than 90 days; `summary=true` gives counts of all."""
    contact = _person(call)
    if call.is_set("summary"):
        return _summary(call, contact)
    before, since = _milliseconds(call, "before"), _milliseconds(call, "since")
    per_page = allowed_per_page(call.options, call.whole_number("per_page", DEFAULT_PER_PAGE), MAX_PER_PAGE)
    found = call.workspace.events.listed(contact["id"], call.workspace.clock.now(), before, since)
    shown = found[:per_page]
    pages: Record = {}
    if len(found) > per_page or (shown and call.options.events_end_empty):
        bounds = {"before": shown[-1][0]} if since is None else {"before": shown[-1][0], "since": since}
        pages["next"] = _url(call, {"per_page": per_page, **bounds})
    elif call.options.null_next:
        pages["next"] = None
    newest = shown[0][0] + 1 if shown else since
    pages["since"] = _url(call, {"since": call.workspace.clock.now() * 1_000 if newest is None else newest})
    return {"type": "event.list", "events": [event for _, event in shown], "pages": pages}


def _summary(call: Call, contact: Record) -> Record:
    return {
        "type": "event.summary",
        "email": contact.get("email"),
        "intercom_user_id": contact["id"],
        "user_id": contact.get("external_id"),
        "events": call.workspace.events.summaries(contact["id"]),
    }


def _person(call: Call) -> Record:
    if call.query.get("type") not in CONTACT_ROLES:
        raise errors.parameter_invalid("type must be user")
    contacts = call.workspace.contacts
    found = contacts.get(call.query.get("intercom_user_id", ""))
    for parameter, key in (("user_id", "external_id"), ("email", "email")):
        if parameter in call.query:
            found = next((each for each in contacts if each.get(key) == call.query[parameter]), None)
    if found is None:
        raise call.missing()
    return found


def _milliseconds(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    if text is None:
        return None
    if not text.isdigit():
        raise errors.parameter_invalid(f"{name} must be a time in milliseconds")
    return int(text)


def _url(call: Call, changed: Record) -> str:
    kept = {key: value for key, value in call.query.items() if key not in {"before", "since", "per_page"}}
    return f"{call.base_url}{call.path}?{urlencode({**kept, **changed})}"
