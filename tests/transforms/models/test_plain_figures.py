"""Random conversations, however odd the order of their parts, have the figures that plain Python reads from them."""

import random

import pytest

from tests.support.plain_figures import Event, backlog, figures, followed, turns

NOW = 1_717_200_000
DAY = 86_400
CUSTOMERS = ("customer_initiated", "customer", "user", "u1")
OURS = (
    ("admin_initiated", "teammate", "admin", "a1"),
    ("campaigns_initiated", "teammate", "admin", "a2"),
    ("automated", "teammate", "admin", "a1"),  # a Series
)
BEGINNINGS = (
    CUSTOMERS,
    ("operator_initiated", "bot", "bot", "b1"),
    ("automated", "bot", "bot", "b1"),
    ("automated", "bot", "admin", "b1"),
    *OURS,
)
AUTHORS = [
    *[("customer", "user", "u1")] * 3,
    *(("teammate", "admin", admin) for admin in ("a1", "a2", "gone")),
    ("bot", "bot", "b1"),
    ("bot", "admin", "b1"),  # a bot's id is a bot's, whatever the part says
]
NO_TEAMMATES = [author for author in AUTHORS if author[0] != "teammate"]
KINDS = (
    *("comment",) * 5,
    *("close",) * 2,
    *("note", "open", "snoozed", "timer_unsnooze", "quick_reply", "attribute_collected", "call_summary"),
    *("assignment", "default_assignment", "assign_and_reopen", "assign_and_unsnooze"),
    *("note_and_reopen", "note_and_unsnooze", "participant_added", "conversation_rating_request"),
)
OWNERS = {
    ("admin", "a1"): ("a1", None),
    ("admin", "a2"): ("a2", None),
    ("bot", "b1"): (None, None),
    ("admin", "b1"): (None, None),
    ("nobody_admin", None): (None, None),
    ("team", "t1"): (None, "t1"),
    ("team", "t2"): (None, "t2"),
}
NO_TEAMMATE_OWNS = [to for to, (admin, _) in OWNERS.items() if admin is None]
PAUSES = (0, 0, 1, 60, 5_000, DAY, 3 * DAY, 8 * DAY)


def tell(raw, draw, conversation_id):
    """Tell one conversation; return its events and whether we began it."""
    at, way = NOW - draw.randrange(60 * DAY), draw.choice([*BEGINNINGS, CUSTOMERS])
    delivered_as, role, author_type, author_id = way
    authors = draw.choice((AUTHORS, AUTHORS, NO_TEAMMATES))
    events, parts = [Event(at, "source", role, author_id)], []
    count = draw.choice((0, 1, 2, 2, 2, 3, 5, 8, 12))
    answered = draw.randrange(min(count, 2)) if count else 0
    for number in range(count):
        at = min(NOW, at + draw.choice(PAUSES))
        author, kind = draw.choice(authors), draw.choice(KINDS)
        if way in OURS and number <= answered:  # what we sent is opened by the customer's answer, if not by the first
            author, kind = AUTHORS[0], "open" if number == answered else "comment"
        has_text = kind in ("comment", "note", "open") or draw.random() < 0.3
        to = draw.choice(NO_TEAMMATE_OWNS if authors is NO_TEAMMATES else list(OWNERS)) if "assign" in kind else None
        events.append(Event(at, kind, author[0], author[2], has_text, OWNERS.get(to)))
        parts.append((kind, at, author[1:], "<p>x</p>" if has_text else None, to))
    is_assigned = any(event.to for event in events)
    owner = (
        (None, None)
        if is_assigned or authors is NO_TEAMMATES
        else (draw.choice((None, "a1")), draw.choice((None, "t1")))
    )
    followed(events, owner, way in OURS)
    last = events[-1]
    owners = {"admin_assignee_id": last.admin, "team_assignee_id": last.team}
    story = raw.conversation(
        conversation_id,
        events[0].at,
        author=(author_type, author_id),
        state=last.state,
        source__delivered_as=delivered_as,
        **owners,
    )
    for kind, moment, author, body, to in parts:
        story.part(kind, moment, author, body, to=to)
    return events, way in OURS


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 6))])
def test_random_conversations_have_the_figures_that_are_read_from_their_parts(house, seed):
    draw = random.Random(seed)
    told = {str(number): tell(house.raw, draw, str(number)) for number in range(400)}
    report = house.build("+fct_backlog_conversations +fct_response_turns", now_epoch=NOW)
    assert report.is_ok, [*report.failed_models, *report.failed_checks()]
    expected = {key: figures(events, NOW, is_ours) for key, (events, is_ours) in told.items()}
    columns = list(expected["0"])
    found = {
        key: dict(zip(columns, row, strict=True))
        for key, *row in house.rows("fct_conversations", f"conversation_id, {', '.join(columns)}")
    }
    differing = {key: found[key].items() - expected[key].items() for key in expected if found[key] != expected[key]}
    assert differing == {}
    assert [name for name in columns if len({figure[name] for figure in expected.values()}) < 2] == []
    asked = "conversation_id, asked_at_epoch, outcome, cast(epoch(ended_at) as bigint)"
    assert house.rows("fct_response_turns", asked, "conversation_id, turn") == [
        (key, *turn) for key in sorted(told) for turn in turns(told[key][0])
    ]
    stock = "conversation_id, cast(epoch(day) as bigint) // 86400, state, team_id, admin_id"
    assert house.rows("fct_backlog_conversations", stock, "conversation_id, day") == [
        (key, *day) for key in sorted(told) for day in backlog(told[key][0], NOW)
    ]
