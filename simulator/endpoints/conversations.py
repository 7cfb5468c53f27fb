"""Conversations: list and search without parts, show with the newest 500."""

import re
from collections.abc import Callable
from html import unescape

from simulator import errors
from simulator.endpoints.answers.newest_parts import with_newest_parts
from simulator.endpoints.answers.search import MAX_PER_PAGE, search_answer
from simulator.endpoints.permissions import check_area, may_read
from simulator.http.answer import Answer
from simulator.http.call import Call
from simulator.http.paging import walk_answer
from simulator.record import Record
from simulator.search.dialect import conversation_dialect
from simulator.search.walk import walk_by

DEFAULT_PER_PAGE = 20
DEFECT_VERSION = "2.10"
LIST_TYPE, LIST_KEY = "conversation.list", "conversations"
TAG = re.compile(r"<[^>]*>")


def render_listed(conversation: Record) -> Record:
    """Return a conversation as list and search answer it: everything but its parts."""
    shown = {**conversation}
    del shown["conversation_parts"]
    return shown


def _shown_to(call: Call) -> Callable[[Record], bool] | None:
    """Return which conversations the token may list: without the permission for tickets, those that are none.

    Unversioned changes of July 2024, "Enforce ticket permissions on the Conversations API".
    """
    return None if may_read("tickets", call.options) else _is_no_ticket


def _is_no_ticket(conversation: Record) -> bool:
    return conversation.get("ticket") is None


def list_conversations(call: Call) -> Record:
    """Answer GET /conversations: newest change first."""
    walk = walk_by(call.workspace.conversations, "updated_at", is_descending=True, matches=_shown_to(call))
    return walk_answer(
        call, walk, render_listed, default=DEFAULT_PER_PAGE, maximum=MAX_PER_PAGE, list_type=LIST_TYPE, key=LIST_KEY
    )


def search_conversations(call: Call) -> Record | Answer:
    """Answer POST /conversations/search: dates compare by the second; with the known defect 2.10 refuses it."""
    if call.options.conversation_search_defect and call.version == DEFECT_VERSION:
        raise errors.user_not_found()
    dialect = conversation_dialect(call.options)
    store, is_shown = call.workspace.conversations, _shown_to(call)
    return search_answer(call, store, dialect, render_listed, DEFAULT_PER_PAGE, LIST_TYPE, LIST_KEY, is_shown)


def show_conversation(call: Call) -> Record:
    """Answer GET /conversations/{id}, as HTML or with `display_as=plaintext`."""
    conversation = call.one_of(call.workspace.conversations)
    if conversation.get("ticket") is not None:  # a recorded one may say nothing of it
        check_area("tickets", call.options)
    shown = with_newest_parts(conversation, "conversation_parts")
    return _plain(shown) if call.query.get("display_as") == "plaintext" else shown


def _plain(conversation: Record) -> Record:
    parts = conversation["conversation_parts"]
    plain = [{**part, "body": _text(part["body"])} for part in parts["conversation_parts"]]
    source = conversation["source"]
    return {
        **conversation,
        "source": {**source, "body": _text(source["body"]), "subject": _text(source["subject"])},
        "conversation_parts": {**parts, "conversation_parts": plain},
    }


def _text(html: str | None) -> str | None:
    return html if html is None else unescape(TAG.sub("", html))
