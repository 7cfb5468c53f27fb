"""Traces of people: events, visits, received messages, admin activity."""

from simulator.changes.scene import Change, Changed, Scene
from simulator.dice import NothingFitsError
from simulator.generate.administration.activity_logs import new_activity_log
from simulator.generate.content.messages import new_receipt
from simulator.generate.people.events import new_event
from simulator.generate.people.visitors import new_visitor


def _event_happened(scene: Scene) -> Changed:
    contact = scene.any(scene.workspace.contacts)
    event = new_event(scene.workspace, scene.dice, contact, scene.at)
    if not scene.workspace.events.add(contact["id"], event):
        raise NothingFitsError
    return "data_events", contact["id"]


def _visitor_came(scene: Scene) -> Changed:
    user_id = scene.workspace.uuid(scene.dice)
    visitor = new_visitor(scene.workspace, scene.dice, user_id, scene.at)
    scene.workspace.visitors.put(visitor)
    return "visitors", visitor["id"]


def _message_sent(scene: Scene) -> Changed:
    receipt = new_receipt(scene.workspace, scene.dice, scene.any(scene.workspace.contacts), scene.at)
    scene.workspace.mailing.send(receipt)
    return "message_receipts", receipt["receipt_id"]


def _message_opened(scene: Scene) -> Changed:
    return _reacted(scene, "open")


def _message_clicked(scene: Scene) -> Changed:
    return _reacted(scene, "click")


def _reacted(scene: Scene, kind: str) -> Changed:
    receipts = list(scene.workspace.mailing.receipts)
    if not receipts:
        raise NothingFitsError
    receipt_id = scene.dice.pick(receipts)
    scene.workspace.mailing.react(kind, receipt_id, scene.at)
    return "message_receipts", receipt_id


def _admin_acted(scene: Scene) -> Changed:
    log = new_activity_log(scene.workspace, scene.dice, scene.at)
    scene.workspace.activity_logs.put(log)
    return "activity_logs", log["id"]


KINDS: dict[str, tuple[float, Change]] = {
    "event_happened": (3, _event_happened),
    "visitor_came": (0.5, _visitor_came),
    "message_sent": (2, _message_sent),
    "message_opened": (1, _message_opened),
    "message_clicked": (1, _message_clicked),
    "admin_acted": (1, _admin_acted),
}
