"""The end of a year in a small workspace, told: merged people, tickets, tags, ratings, holidays, a clock change."""

from datetime import date

from tests.support.told.conversation import ANN, BEN, BOT, CUSTOMER, Conversation, at
from tests.support.told.november import in_november, rating
from tests.support.told.ticket import Ticket
from transforms.seeds.settings import parse_settings

HOUR = 3_600
NOW = at("2027-01-14 12:00")  # a Thursday; 2026 has an ISO week 53
GONE = "577"  # a teammate who is no longer in the workspace
MERGED, ARCHIVED, UNKNOWN, IN_TWO, JOINED, REGULAR, KEEN = (f"{number:024x}" for number in range(1, 8))
SURVIVOR, NEWCOMER, SILENT = (f"{number:024x}" for number in range(8, 11))
MARKS = [("contacts", MERGED, "merged", SURVIVOR), ("contacts", ARCHIVED, "deleted", None)]
SETTINGS = parse_settings(
    {
        "schedules": {
            "default": {day: ["09:00-17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
            | {"holidays": [date(2026, 12, 25), date(2027, 1, 1), date(2027, 1, 6)]},
            "weekend": {day: ["10:00-14:00"] for day in ("saturday", "sunday")} | {"teams": ["602"]},
        },
        "sla_targets": [
            {"first_response_seconds": 2 * HOUR, "next_response_seconds": HOUR, "resolution_seconds": 8 * HOUR},
            {"priority": "priority", "team_id": "602", "first_response_seconds": HOUR // 2},
        ],
    }
)


def tag(number, name, applied_at, by):
    return {"type": "tag", "id": number, "name": name, "applied_at": at(applied_at), "applied_by": by}


def conversations():
    """All of them, oldest first."""
    told = [*in_november(), *before_christmas(), *between_the_years(), *in_january(), *in_the_last_week(), *rated()]
    return sorted(told, key=lambda record: record["created_at"])


def before_christmas():
    yield by_who_left(Conversation(131, "10-16 12:30").then("10-16 13:00", GONE, "close")).ends("closed")
    told = Conversation(132, "10-16 13:30").then("10-16 14:00", ANN).then("10-16 14:30", ANN, "close")
    told.record["tags"]["tags"] = [tag("71", "bug", "10-16 14:00", {"type": "admin", "id": ANN})]
    yield told.ends("closed")
    night = Conversation(141, "10-24 23:30").then("10-25 03:30", BEN).then("10-25 10:30", BEN, "close")
    yield night.ends("closed", team="602")
    longer = Conversation(142, "10-24 23:30").then("10-26 00:30", ANN, "close", "<p>Done.</p>")
    yield longer.ends("closed", admin=ANN, team="602")
    later = at("10-25 02:30") + HOUR  # the second half past two of that night
    told = Conversation(143, "10-25 02:30").then(later + 100, BEN).then(later + 130, CUSTOMER)
    told.record |= {"created_at": later}
    yield told.then(later + 207, BEN, "close").ends("closed")
    ben = {"type": "admin", "id": BEN}
    lead = Conversation(105, "12-21 08:00", conversation_rating=rating(0, 4, "12-21 09:25"))
    lead.record["source"]["author"]["type"] = "lead"
    lead.record["tags"]["tags"] = [tag("71", "bug", "12-21 09:16", ben), tag("71", "bug", "12-21 09:18", ben)]
    lead.then("12-21 08:30", CUSTOMER).then("12-21 09:15", BEN).then("12-21 09:20", CUSTOMER)
    yield lead.then("12-21 09:21", BEN).then("12-21 09:30", BEN, "close").ends("closed")
    passed = Conversation(151, "12-21 10:00").then("12-21 10:01", BOT).then("12-21 10:02", BOT, "assignment", to="900")
    passed.then("12-21 10:05", BOT, "assignment", to=ANN).then("12-21 10:10", ANN, "assignment", to="900")
    passed.then("12-21 10:15", BOT, "assignment", to=BEN).then("12-21 10:20", BOT, "assignment", to=BEN)
    passed.then("12-21 10:25", BEN, "assignment", to="601").then("12-21 10:30", ANN, "assignment", to="602")
    passed.then("12-21 10:40", ANN, "assignment", to=ANN).then("12-21 10:50", ANN).then("12-21 11:00", ANN, "close")
    yield passed.ends("closed", admin=ANN, team="602")
    team = Conversation(152, "12-21 11:00").then("12-21 11:05", BOT, "default_assignment", to="601")
    yield team.then("12-21 11:15", ANN).then("12-21 11:20", ANN, "close").ends("closed", team="601")
    bot = Conversation(100, "12-22 09:00", contact=MERGED).then("12-22 09:01", BOT).then("12-22 09:05", BOT, "close")
    yield bot.ends("closed")
    mail = Conversation(99, "12-22 20:00", contact=SURVIVOR).then("12-23 09:00", BEN, "close", "<p>Done.</p>")
    yield by_mail(mail).ends("closed")


def by_who_left(told):
    for part in told.parts:
        part["author"] = {"type": "admin", "id": GONE, "name": "Gone", "email": "gone@example.com"}
    return told


def by_mail(told):
    told.record["source"]["type"] = "email"
    return told


def between_the_years():
    late = Conversation(161, "12-24 16:30", sla_applied={"type": "conversation_sla_summary", "sla_name": "gold"})
    late.record["sla_applied"]["sla_status"] = "cancelled"
    late.then("12-28 10:00", BEN).then("12-28 10:30", CUSTOMER).then("12-31 09:30", BEN)
    yield late.then("2027-01-04 09:30", BEN, "close").ends("closed")
    told = Conversation(102, "12-28 10:00", contact=MERGED).then("12-28 10:10", ANN).then("12-28 10:20", ANN, "close")
    told.record["tags"]["tags"] = [tag("71", "bug", "12-28 10:15", {"type": "admin", "id": ANN})]
    yield told.then("12-30 09:00", CUSTOMER).then("12-30 09:30", ANN, "close").ends("closed")


def in_january():
    told = Conversation(106, "2027-01-04 12:00", contact=UNKNOWN).then("2027-01-04 12:30", ANN)
    yield told.ends("open", team="602")
    both = Conversation(107, "2027-01-05 10:00", contact=JOINED).then("2027-01-05 10:05", BEN)
    both.record["contacts"]["contacts"].append({"type": "contact", "id": IN_TWO})
    both.record["tags"]["tags"] = [tag("71", "bug", "2027-01-05 10:06", {"type": "admin", "id": BEN})]
    yield both.then("2027-01-05 10:10", BEN, "snoozed").ends("snoozed", admin=BEN)
    told = Conversation(162, "2027-01-05 16:00").then("2027-01-07 09:30", BEN).then("2027-01-07 16:00", BEN, "close")
    yield told.ends("closed")
    for number, day, wait in ((111, "07", 10), (112, "08", 20), (113, "09", 30)):
        hour = "11" if number == 111 else "10"
        told = by_mail(Conversation(number, f"2027-01-{day} {hour}:00", contact=REGULAR))
        told.then(f"2027-01-{day} {hour}:{wait}", ANN).then(f"2027-01-{day} {hour}:50", ANN, "close")
        yield told.ends("closed", team="601")
    for number, day, wait in ((121, "07", 10), (122, "08", 10), (123, "09", 40)):
        hour = "13" if number == 121 else "11"
        told = Conversation(number, f"2027-01-{day} {hour}:00", contact=KEEN)
        told.then(f"2027-01-{day} {hour}:{wait}", BEN).then(f"2027-01-{day} {hour}:50", BEN, "close")
        yield told.ends("closed")


def in_the_last_week():
    told = Conversation(
        101, "2027-01-11 10:00", contact=SURVIVOR, conversation_rating=rating(0, 2, "2027-01-11 11:05", ANN)
    )
    told.record["tags"]["tags"] = [
        tag("71", "bug", "2027-01-11 10:45", {"type": "admin", "id": ANN}),
        tag("73", "deleted since", "2027-01-11 10:46", {"type": "admin", "id": GONE}),
    ]
    told.record["linked_objects"] = {"type": "list", "data": [{"type": "ticket", "id": "503", "category": "Customer"}]}
    told.then("2027-01-11 10:30", ANN)
    yield told.then("2027-01-11 11:00", ANN, "close").ends("closed", admin=ANN, team="601")
    waits = by_mail(Conversation(103, "2027-01-12 15:00", contact=IN_TWO))
    waits.record["tags"]["tags"] = [tag("71", "bug", "2027-01-12 15:00", {"type": "bot", "id": "900"})]
    yield waits.ends("open")
    yield Conversation(104, "2027-01-13 09:00", contact=ARCHIVED).then("2027-01-13 09:10", BEN, "close").ends("closed")
    told = Conversation(163, "2027-01-14 11:00").then("2027-01-14 11:30", ANN).then("2027-01-14 11:40", CUSTOMER)
    yield told.ends("open")
    yield Conversation(181, "2027-01-13 10:00", author=ANN, delivered_as="admin_initiated").ends("open")


def rated():
    told = Conversation(171, "2027-01-12 10:00", conversation_rating=rating(0, 5, "2027-01-12 10:30", GONE))
    told.then("2027-01-12 10:10", GONE).then("2027-01-12 10:20", GONE, "close")
    yield by_who_left(told).ends("closed")
    told = Conversation(172, "2027-01-12 11:00", conversation_rating=rating(0, 3, "2027-01-12 11:03"))
    yield told.then("2027-01-12 11:01", BOT).then("2027-01-12 11:02", BOT, "close").ends("closed")
    told = Conversation(173, "2027-01-12 12:00", conversation_rating=rating(0, 1, "2027-01-12 12:50", ANN, "Bad"))
    told.then("2027-01-12 12:30", ANN).then("2027-01-12 12:40", ANN, "close").then("2027-01-12 13:00", CUSTOMER)
    yield told.ends("open")


def contacts():
    """Those that exist, the merged and the deleted one among them: the sweep has only marked these."""
    wrote = {}
    for record in conversations():
        wrote.setdefault(record["contacts"]["contacts"][0]["id"], record["created_at"])
    wrote |= {IN_TWO: at("2027-01-04 10:00"), NEWCOMER: NOW - 60, SILENT: NOW - 91 * 86_400}
    del wrote[UNKNOWN]
    companies = {SURVIVOR: ("k1",), MERGED: ("k2",), IN_TWO: ("k1", "k3"), NEWCOMER: ("k5",)}
    return [
        {
            "type": "contact",
            "id": contact,
            "role": "user",
            "name": f"Customer {contact[-2:]}",
            "created_at": since,
            "updated_at": since,
            "companies": {
                "type": "list",
                "data": [{"type": "company", "id": company} for company in companies.get(contact, ())],
            },
        }
        for contact, since in wrote.items()
    ]


def companies():
    def company(company_id, name, created_at, **fields):
        return {
            "type": "company",
            "id": company_id,
            "company_id": f"own-{company_id}",
            "name": name,
            "created_at": created_at,
            "updated_at": created_at,
            "tags": {"type": "tag.list", "tags": []},
            "segments": {"type": "segment.list", "segments": []},
            **fields,
        }

    long_ago = NOW - 100 * 86_400
    return [
        company("k1", "Acme", long_ago, monthly_spend=100, user_count=40),
        company("k2", "Merged", at("12-01 10:00"), monthly_spend=7),
        company("k3", "Globex", long_ago, monthly_spend=30, user_count=0),
        company("k4", "Empty", long_ago, monthly_spend=9, user_count=5),
        company("k5", "Silent", long_ago, monthly_spend=8, user_count=5),
    ]


def tickets():
    reopened = Ticket(501, "2027-01-04 10:00", REGULAR, admin=ANN, team="601")
    reopened.becomes("2027-01-04 12:00", "in_progress").becomes("2027-01-05 09:00", "waiting_on_customer")
    reopened.becomes("2027-01-07 10:00", "in_progress").becomes("2027-01-07 12:00", "resolved")
    reopened.becomes("2027-01-08 09:00", "in_progress")
    yield reopened.becomes("2027-01-08 10:00", "resolved").ends()
    yield Ticket(502, "2027-01-11 10:00", REGULAR).ends("resolved", updated="2027-01-11 15:00")
    linked = Ticket(503, "2027-01-11 10:45", REGULAR, kind="99")
    linked.record["linked_objects"]["data"] = [
        {"type": "conversation", "id": number, "category": None} for number in ("101", "99")
    ]
    yield linked.ends()
    passed = Ticket(504, "2027-01-09 12:00", REGULAR, admin=ANN, team="602").goes_to("2027-01-09 12:10", ANN)
    passed.goes_to("2027-01-09 12:20", BEN).goes_to("2027-01-09 12:30", "602").goes_to("2027-01-09 12:40", ANN)
    yield passed.becomes("2027-01-10 11:00", "in_progress").ends()
    at_once = Ticket(505, "2027-01-12 09:00", REGULAR).becomes("2027-01-12 09:30", "in_progress")
    yield at_once.becomes("2027-01-12 09:30", "resolved").ends()
    yield Ticket(506, "2027-01-13 16:00", REGULAR, category="Back-office", is_shared=False).ends()


def others():
    """Records of the kinds beside conversations, by resource."""
    kind = {"type": "ticket_type", "id": "12", "name": "Defect", "category": "Customer", "archived": False}
    return {
        "contacts": contacts(),
        "companies": companies(),
        "tags": [{"type": "tag", "id": "71", "name": "defect"}, {"type": "tag", "id": "72", "name": "never used"}],
        "ticket_types": [
            {**kind, "description": "", "ticket_type_attributes": {"type": "list", "data": []}}
            | dict.fromkeys(("created_at", "updated_at"), at("10-01 10:00"))
        ],
        "tickets": [*tickets()],
    }


def as_of(moment):
    """Conversations and the records of other kinds as a sync at that moment would have found them."""
    others_then = others()
    for kind in ("contacts", "companies"):
        others_then[kind] = [record for record in others_then[kind] if record["created_at"] <= moment]
    others_then["tickets"] = [*until(moment, others_then["tickets"], "ticket_parts")]
    return [*until(moment, conversations(), "conversation_parts")], others_then


def until(moment, records, name):
    """The records of that time, whose parts are called `name`, with the parts and the state that they had then."""
    field, first = ("ticket_state", "submitted") if name == "ticket_parts" else ("state", "open")
    for record in records:
        if record["created_at"] > moment:
            continue
        parts = [part for part in record[name][name] if part["created_at"] <= moment]
        if len(parts) < len(record[name][name]):
            record[field] = [first, *filter(None, map(state_after, parts))][-1]
            record["updated_at"] = max(each["created_at"] for each in [*parts, record])
        record[name] |= {name: parts, "total_count": len(parts)}
        if "tags" in record:
            record["tags"]["tags"] = [tag for tag in record["tags"]["tags"] if tag["applied_at"] <= moment]
        yield record


def state_after(part):
    """The state that a part leads to, None where it leads to none."""
    if part["author"]["type"] == "user" and part["part_type"] == "comment":
        return "open"
    return part.get("ticket_state") or {"close": "closed", "snoozed": "snoozed"}.get(part["part_type"])
