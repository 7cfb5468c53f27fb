"""Changes of tickets."""

from collections.abc import Callable

from simulator.changes.scene import Change, Changed, Fitness, Scene, change_of_some
from simulator.changes.silence import silent_kinds
from simulator.clock import DAY_SECONDS
from simulator.dice import NothingFitsError
from simulator.generate import words
from simulator.generate.tickets import attribute_value, convert, link, new_ticket, unlink
from simulator.record import Record
from simulator.workspace.redaction import is_redactable
from simulator.workspace.ticket_desk import STATE_LABELS, TicketDesk

Act = Callable[[Scene, TicketDesk], None]


def _created(scene: Scene) -> Changed:
    contact = scene.any(scene.workspace.contacts)
    ticket = new_ticket(scene.workspace, scene.dice, contact, scene.at)
    TicketDesk(scene.workspace, ticket, scene.at).begin(scene.author())
    scene.workspace.tickets.put(ticket)
    return "tickets", ticket["id"]


def _converted(scene: Scene) -> Changed:
    conversation = scene.find(scene.workspace.conversations, lambda record: record["ticket"] is None)
    ticket = new_ticket(scene.workspace, scene.dice, scene.any(scene.workspace.contacts), scene.at)
    if convert(scene.workspace, conversation, ticket) is None:
        raise NothingFitsError
    link(conversation, ticket)
    TicketDesk(scene.workspace, ticket, scene.at).begin(scene.cast.operator)
    scene.workspace.tickets.put(ticket)
    scene.touch(scene.workspace.conversations, conversation)
    return "tickets", ticket["id"]


def _deleted(scene: Scene) -> Changed:
    ticket = scene.any(scene.workspace.tickets)
    scene.workspace.tickets.remove(ticket["id"], "deleted")
    return "tickets", ticket["id"]


def _state_changed(scene: Scene, desk: TicketDesk) -> None:
    others = [state for state in STATE_LABELS if state != desk.ticket["ticket_state"]]
    desk.change_state(scene.author(), scene.dice.pick(others))


def _commented(scene: Scene, desk: TicketDesk) -> None:
    desk.add("comment", scene.author(), words.body(scene.dice, words.ANSWERS))


def _noted(scene: Scene, desk: TicketDesk) -> None:
    desk.add("note", scene.author(), words.body(scene.dice, words.NOTES))


def _assigned(scene: Scene, desk: TicketDesk) -> None:
    desk.assign(scene.author(), scene.dice.pick((scene.author()["id"], None)), scene.dice.pick(scene.cast.teams)["id"])


def _attribute_set(scene: Scene, desk: TicketDesk) -> None:
    attribute = scene.dice.pick(desk.ticket["ticket_type"]["ticket_type_attributes"]["data"])
    desk.set_attribute(scene.author(), attribute["name"], attribute_value(scene.dice, attribute["data_type"], scene.at))


def _snoozed(scene: Scene, desk: TicketDesk) -> None:
    desk.snooze(scene.author(), scene.at + DAY_SECONDS)


def _unsnoozed(scene: Scene, desk: TicketDesk) -> None:
    desk.unsnooze(scene.author())


def _redacted(scene: Scene, desk: TicketDesk) -> None:
    desk.redact(scene.dice.pick(_redactable(desk.ticket)))


def _redactable(ticket: Record) -> list[Record]:
    return [part for part in ticket["ticket_parts"]["ticket_parts"] if is_redactable(part)]


def _linked(scene: Scene, desk: TicketDesk) -> None:
    conversation = scene.any(scene.workspace.conversations)
    link(conversation, desk.ticket)
    scene.touch(scene.workspace.conversations, conversation)


def _unlinked(scene: Scene, desk: TicketDesk) -> None:
    """Unlink a ticket from one of its conversations, but not from the one it was made of."""
    linked = (scene.workspace.conversations.get(item["id"]) for item in desk.ticket["linked_objects"]["data"])
    others = [one for one in linked if one and (one["ticket"] or {}).get("id") != desk.ticket["id"]]
    if not others:
        raise NothingFitsError
    conversation = scene.dice.pick(others)
    unlink(conversation, desk.ticket)
    scene.touch(scene.workspace.conversations, conversation)


def _tagged(scene: Scene, desk: TicketDesk) -> None:
    worn = {tag["id"] for tag in _tags_of(desk.ticket)}
    desk.tag(scene.author(), scene.find(scene.workspace.tags, lambda record: record["id"] not in worn))


def _untagged(scene: Scene, desk: TicketDesk) -> None:
    desk.untag(scene.dice.pick(_tags_of(desk.ticket))["id"])


def _tags_of(ticket: Record) -> list[Record]:
    return list(ticket.get("tags", {}).get("tags", ()))


def _acting(act: Act, is_fit: Fitness = lambda _: True) -> Change:
    """Return a change that does `act` on some ticket that qualifies for it."""

    def on_desk(scene: Scene, ticket: Record) -> None:
        act(scene, scene.desk(ticket))

    return change_of_some(lambda workspace: workspace.tickets, on_desk, is_fit)


HEARD: dict[str, tuple[float, Change]] = {
    "ticket_created": (3, _created),
    "ticket_converted": (1, _converted),
    "ticket_state_changed": (4, _acting(_state_changed)),
    "ticket_commented": (3, _acting(_commented)),
    "ticket_noted": (1, _acting(_noted)),
    "ticket_assigned": (2, _acting(_assigned)),
    "ticket_attribute_set": (2, _acting(_attribute_set)),
    "ticket_snoozed": (1, _acting(_snoozed, lambda record: "snoozed_until" not in record)),
    "ticket_unsnoozed": (1, _acting(_unsnoozed, lambda record: "snoozed_until" in record)),
    "ticket_redacted": (0.5, _acting(_redacted, lambda record: bool(_redactable(record)))),
    "ticket_linked": (1, _acting(_linked)),
    "ticket_unlinked": (0.5, _acting(_unlinked, lambda record: bool(record["linked_objects"]["data"]))),
    "ticket_tagged": (1, _acting(_tagged)),
    "ticket_untagged": (1, _acting(_untagged, lambda record: bool(_tags_of(record)))),
    "ticket_deleted": (0, _deleted),
}
MAY_BE_SILENT = (
    *("ticket_state_changed", "ticket_assigned", "ticket_attribute_set"),
    *("ticket_snoozed", "ticket_unsnoozed", "ticket_tagged", "ticket_untagged"),
)
"""Changes of a ticket's own fields; nobody has documented which of them move `updated_at`."""

KINDS = {**HEARD, **silent_kinds({kind: HEARD[kind][1] for kind in MAY_BE_SILENT})}
