"""A small workspace in which everything happens that a model treats in its own way; drawn from a seed."""

import random
from itertools import pairwise

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
DAY = 86_400
PART_TYPES = (
    "comment",
    "quick_reply",
    "note",
    "note_and_reopen",
    "assignment",
    "assign_and_reopen",
    "workflow_assignment",
    "open",
    "close",
    "snoozed",
    "timer_unsnooze",
    "priority_changed",
    "conversation_rating_changed",
)
AUTHORS = (
    ("user", "c1"),
    ("user", "c2"),
    ("lead", "c3"),
    ("admin", "a1"),
    ("admin", "a2"),
    ("admin", "gone"),
    ("bot", "b"),
)
ASSIGNEES = (
    ("admin", "a1"),
    ("admin", "a2"),
    ("team", "t1"),
    ("team", "t2"),
    ("nobody_admin", None),
    ("bot", "b"),
    None,
)
TICKET_STATES = ("submitted", "in_progress", "waiting_on_customer", "resolved")


def tell(raw, seed, conversations=40):
    """Fills the raw rows with people, conversations and tickets whose every turn is drawn from the seed."""
    draw = random.Random(seed)
    _people(raw)
    for number in range(conversations):
        tell_conversation(raw, draw, str(number))
    for number in range(10):
        _ticket(raw, draw, str(number))
    _help_center(raw, draw)
    for number in range(60):
        _receipt(raw, draw, f"m{number % 4}")
    _rest(raw)


def _people(raw):
    raw.add("workspace", id_code="w", timezone="America/New_York")
    for name in ("a1", "a2"):
        raw.add("admins", id=name, name=f"Admin {name}")
    for number, name in enumerate(("t1", "t2")):
        raw.add("teams", id=name, name=f"Team {name}")
        raw.add("team_admins", team_id=name, admin_id=f"a{number + 1}")
        raw.add("team_admins", team_id=name, admin_id="a1") if number else None
    for number, name in enumerate(("c1", "c2", "c3")):
        raw.add(
            "contacts",
            id=name,
            role="user",
            name=f"Contact {name}",
            created_at=NOON - number * DAY,
            updated_at=NOON,
            custom_attributes={"Plan Größe": number, "other": None, "since": str(NOON), "rate": "1.5e1", "vip": True},
        )
        raw.add("contact_companies", contact_id=name, company_id="k1")
    raw.add("contact_companies", contact_id="c2", company_id="k2")
    declared = {"Plan Größe": "integer", "other": "string", "since": "date", "rate": "float", "vip": "boolean"}
    for name, data_type in declared.items():
        raw.attribute("contact", name, data_type)
    for name, spend in (("k1", 99.5), ("k2", None)):
        raw.add("companies", id=name, name=name, monthly_spend=spend, user_count=7, created_at=NOON, updated_at=NOON)


def tell_conversation(raw, draw, conversation_id):
    """Whatever may happen in one conversation."""
    at = NOON - draw.randrange(60 * DAY)
    values = {
        "state": draw.choice(("open", "closed", "snoozed")),
        "priority": draw.choice(("priority", "not_priority", "")),
        "team_assignee_id": draw.choice(("t1", "t2", None, "0")),
        "admin_assignee_id": draw.choice(("a1", "gone", None)),
        "source__type": draw.choice(("email", "conversation", "")),
        "sla_applied__sla_name": draw.choice(("gold", None)),
        "statistics__count_conversation_parts": draw.choice((None, 5, 501)),
        "statistics__count_reopens": draw.choice((None, 0, 1)),
        "sla_applied__sla_status": draw.choice(("hit", "missed", "cancelled")),
    }
    if draw.random() < 0.4:
        values |= {
            "conversation_rating__rating": draw.choice((1, 2, 3, 4, 5, None)),  # None: requested only
            "conversation_rating__created_at": at + draw.randrange(5 * DAY),
            "conversation_rating__teammate__id": draw.choice(("a1", None)),
        }
    story = raw.conversation(conversation_id, at, author=draw.choice(AUTHORS), **values)
    raw.add("conversation_contacts", conversation_id=conversation_id, contact_id=draw.choice(("c1", "c2", "c3")))
    for tag in draw.sample(("vip", "billing", "Älter", "bug"), draw.randrange(3)):
        raw.add("conversation_tags", conversation_id=conversation_id, tag_id=tag, name=tag, applied_at=at)
    if draw.random() < 0.3:
        raw.add(
            "conversation_linked_objects",
            conversation_id=conversation_id,
            linked_object_id=draw.choice("0123"),
            type="ticket",
        )
    moments = [at]
    for _ in range(draw.randrange(14)):
        at += draw.choice((0, 1, 30, 4000, DAY, 9 * DAY))
        moments.append(at)
        story.part(
            draw.choice(PART_TYPES),
            at,
            draw.choice(AUTHORS),
            draw.choice(("<p>text</p>", "", None)),
            to=draw.choice(ASSIGNEES),
            redacted=draw.random() < 0.1,
        )
    if draw.random() < 0.6:  # closes of which parts tell, and of which none does
        closes = sorted(draw.choice(moments) + draw.choice((0, 1, 70, 3000)) for _ in range(2))
        story.knows(statistics__first_close_at=closes[0], statistics__last_close_at=closes[1])
        story.knows(statistics__last_closed_by_id=draw.choice((None, "a1", "gone", "b")))


def _ticket(raw, draw, ticket_id):
    at = NOON - draw.randrange(30 * DAY)
    states = [draw.choice(TICKET_STATES) for _ in range(draw.randrange(1, 6))]
    if draw.random() < 0.6:  # it begins with a part that leaves its state as it is, perhaps after days of chat
        states.insert(0, states[0])
    raw.add(
        "tickets",
        id=ticket_id,
        ticket_id=ticket_id,
        category=draw.choice(("Customer", "Tracker")),
        ticket_state=states[-1],
        ticket_type__name="Bug",
        team_assignee_id=draw.choice(("t1", "0")),
        created_at=at,
        updated_at=at,
    )
    for number, (before, after) in enumerate(pairwise(states)):
        at += draw.choice((0, 60, 7000, 3 * DAY))
        raw.add(
            "ticket_parts",
            ticket_id=ticket_id,
            id=str(int(ticket_id) * 100 + number),
            part_type="ticket_state_updated_by_admin",
            created_at=at,
            author__type=draw.choice(("admin", "bot")),
            author__id="a1",
            previous_ticket_state=before,
            ticket_state=after,
        )
        taker = draw.choice(ASSIGNEES)
        raw.add(
            "ticket_parts",
            ticket_id=ticket_id,
            id=str(int(ticket_id) * 100 + 50 + number),
            part_type="assignment",
            created_at=at,
            author__type="admin",
            author__id="a1",
            assigned_to__type=taker and taker[0],
            assigned_to__id=taker and taker[1],
        )


def _help_center(raw, draw):
    for name in ("h1", "h2"):
        raw.add("help_centers", id=name, display_name=f"Help {name}", created_at=NOON, updated_at=NOON)
    for number, (parent, center) in enumerate([(None, "h1"), ("k0", None), ("k1", None), (None, "h2"), (None, None)]):
        raw.add(
            "collections",
            id=f"k{number}",
            name=f"Collection {number}",
            parent_id=parent,
            help_center_id=center,
            default_locale=draw.choice(("en", "fr", None)),
        )
    for number in range(25):
        at = NOON - draw.randrange(400 * DAY)
        translations = {
            locale: {"title": locale, "state": draw.choice(("published", "draft")), "updated_at": at}
            for locale in draw.sample(("en", "de", "pt-BR", "id"), draw.randrange(4))
        }
        raw.article(
            str(number),
            draw.choice(("k0", "k1", "k2", "k3", "gone", None)),
            at=at,
            state=draw.choice(("published", "draft")),
            views=draw.choice((None, 0, 500)),
            default_locale=draw.choice(("en", "de", None)),
            statistics__reactions=draw.choice((None, 5, 50)),
            statistics__sad_reaction_percentage=draw.choice((None, 0, 12.5)),
            translated_content={"type": "article_translated_content", "fr": None} | translations,
        )


def _receipt(raw, draw, content_id):
    at = NOON - draw.randrange(5 * DAY)
    reactions = ("first_open", "first_click", "first_reply", "first_hard_bounce", "first_dismisall", "first_dismissal")
    raw.receipt(
        content_id,
        at,
        series_id="-1",
        **{name: at + draw.randrange(-5, DAY) for name in reactions if draw.random() < 0.3},
    )


def _rest(raw):
    """A row of each table of which no model makes more than its staging model."""
    raw.add("tags", id="vip", type="tag", name="VIP")
    raw.add("ticket_types", id="tt1", name="Bug", category="Customer", archived=False, created_at=NOON)
    raw.add("company_tags", company_id="k1", tag_id="vip", name="VIP")
    raw.add("contact_tags", contact_id="c1", tag_id="vip", name="VIP", applied_at=NOON)
    raw.add("conversation_teammates", conversation_id="0", admin_id="a1", type="admin")
    raw.add("conversation_part_attachments", conversation_part_id="1000", conversation_id="0", position=0, name="x.png")
    raw.add("ticket_contacts", ticket_id="0", contact_id="c1", type="contact")
    raw.add("ticket_linked_objects", ticket_id="0", linked_object_id="0", type="conversation")
    metadata = {"price": {"amount": 150, "currency": "eur"}, "Größe": "7"}
    raw.add("data_events", id="e1", contact_id="c1", event_name="ordered", created_at=NOON, metadata=metadata)
    raw.add("activity_logs", id="l1", activity_type="app_name_change", created_at=NOON, metadata={"before": "x"})
    raw.add("deleted_records", entity="contacts", id="c9", reason="merged", merged_into_id="c1", noticed_at=NOON)
    raw.add("forgotten_records", entity="contacts", id="gone", contact_id="gone", forgotten_at=NOON, count_rows=3)
    raw.add("unreadable_records", entity="articles", id="24", reason="too large", first_seen_at=NOON, tries=1)
