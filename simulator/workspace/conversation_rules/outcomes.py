"""The recorded outcomes of a conversation: the customer's rating, Fin's result, the service level."""

from simulator.clock import DAY_SECONDS, HOUR_SECONDS
from simulator.record import Record
from simulator.workspace.conversation_rules.dialogue import Dialogue
from simulator.workspace.conversation_rules.statistics import is_visible
from simulator.workspace.people import Author, contact_author, contact_reference, reference

SLA_SECONDS = {"First reply in 1 h": HOUR_SECONDS, "VIP 🥇": 900, "Within three days": 3 * DAY_SECONDS}
"""Service levels: within how many seconds of the first message a teammate must reply."""

RATED = "conversation_rating_changed"
OF_WORKFLOWS = (None, reference("admin", "86000417"), reference("team", "86000418"))
"""Whom a rating names that a workflow asked for: nobody, or an id that is no teammate's.

Of versions before 2.17 the changelog says so ("an admin or team reference" whose "id doesn't identify a teammate").
"""


def rate(dialogue: Dialogue, contact: Record, teammate_id: str | None, rating: int, remark: str | None) -> None:
    """Record the customer's rating of a teammate (None: of nobody in particular), perhaps with a remark.

    Its `created_at` is when the rating was requested (API reference, `conversation_rating`): Operator asks at the
    close, and the customer answers now, which only the part says. A changed rating keeps the time of its request.
    """
    author = contact_author(contact)
    dialogue.conversation["conversation_rating"] = {
        "rating": rating,
        "remark": remark,
        "created_at": _closed_at(dialogue),
        "contact": contact_reference(contact),
        "teammate": reference("admin", teammate_id) if teammate_id else _of_workflow(dialogue),
    }
    dialogue.add(RATED, author)
    if remark:
        dialogue.add("conversation_rating_remark_added", author)


def _of_workflow(dialogue: Dialogue) -> Record | None:
    """Show whom a rating of no replier names: now and then an id that is nobody's, where no teammate took part."""
    source, assignee_id = dialogue.conversation["source"], dialogue.conversation["admin_assignee_id"]
    if assignee_id or any(each["author"]["type"] == "admin" for each in (source, *dialogue.parts)):
        return None
    shown = OF_WORKFLOWS[int(dialogue.conversation["id"]) % len(OF_WORKFLOWS)]
    return dict(shown) if shown else None


def rated_at(conversation: Record) -> int | None:
    """When the customer gave the rating, or last changed it; None if there is none."""
    rating: Record | None = conversation["conversation_rating"]
    if rating is None:
        return None
    parts = conversation["conversation_parts"]["conversation_parts"]
    told: list[int] = [part["created_at"] for part in parts if part["part_type"] == RATED]
    return max(told, default=int(rating["created_at"]))


def _closed_at(dialogue: Dialogue) -> int:
    """When a conversation was last closed, with a part or without; now if unknown."""
    told = [part["created_at"] for part in dialogue.parts if part["part_type"] == "close"]
    unseen = [close.at for close in dialogue.workspace.unseen_closes.get(dialogue.conversation["id"], ())]
    return max([*told, *unseen], default=dialogue.at)


def last_replier(dialogue: Dialogue) -> str | None:
    """Return whom a rating is about: the teammate who wrote to the customer last."""
    replies = (part for part in reversed(dialogue.parts) if part["author"]["type"] == "admin" and part["body"])
    return next((part["author"]["id"] for part in replies if not part["part_type"].startswith("note")), None)


def fin_takes_part(dialogue: Dialogue, resolution_state: str | None, answer_type: str | None = "ai_answer") -> None:
    """Record that Fin took part; both are None if it gave no answer (values as in the API reference of 2.11)."""
    before = dialogue.conversation.get("ai_agent") or {}
    dialogue.conversation["ai_agent_participated"] = True
    dialogue.conversation["ai_agent"] = {
        "source_type": "essentials_plan_setup",
        "source_title": None,
        "last_answer_type": answer_type,
        "resolution_state": resolution_state,
        "rating": before.get("rating"),
        "rating_remark": before.get("rating_remark", ""),
        "content_sources": {"type": "content_source.list", "content_sources": [], "total_count": 0},
    }


def rate_fin(dialogue: Dialogue, rating: int, remark: str | None) -> None:
    """Record the customer's rating of Fin, which has a place of its own."""
    dialogue.conversation["ai_agent"].update(rating=rating, rating_remark=remark or "")


def apply_sla(dialogue: Dialogue, author: Author, name: str, status: str | None = "active") -> None:
    """Record that a workflow promised a first reply in time; some workspaces show None as `status`."""
    dialogue.conversation["sla_applied"] = {
        "type": "conversation_sla_summary",
        "sla_name": name,
        "sla_status": status,
    }
    dialogue.add("conversation_sla_applied_by_rule", author)


def settle_sla(dialogue: Dialogue, author: Author, due_at: int) -> None:
    """Record the outcome of a service level: a reply hits it, or misses it when late; a close without one removes it.

    As `sla_applied` in the API reference has it: nothing is missed when the time runs out, only with the next reply of
    a teammate, so that it is active until then; and the status of one that was removed is null.
    """
    last = dialogue.parts[-1]
    if last["author"]["type"] == "admin" and is_visible(last):
        is_late = dialogue.at > due_at
        dialogue.conversation["sla_applied"]["sla_status"] = "missed" if is_late else "hit"
        if is_late:
            dialogue.add("conversation_sla_target_missed", author)
    elif dialogue.conversation["state"] == "closed":
        dialogue.conversation["sla_applied"]["sla_status"] = None
        dialogue.add("conversation_sla_removed", author)


def is_sla_active(dialogue: Dialogue) -> bool:
    """Return True if a service level still waits for a reply."""
    return (dialogue.conversation["sla_applied"] or {}).get("sla_status") == "active"
