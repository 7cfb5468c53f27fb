"""Conversations of a week in November with parts of odd types, told: forms, files, notes that reopen, timers, Fin."""

from tests.support.told.conversation import ANN, BEN, BOT, CUSTOMER, FIN, Conversation, at

FILE = {
    "type": "upload",
    "name": "a.png",
    "url": "https://x.example.com/a.png",
    "content_type": "image/png",
    "filesize": 1,
}


def in_november():
    yield from reopened_and_closed_again()
    yield from begun_by_us_or_a_bot()
    yield from ended_by_fin()
    yield from given_away_and_snoozed()


def reopened_and_closed_again():
    told = Conversation(301, "11-02 09:00").then("11-02 09:10", ANN, "close", "<p>Done.</p>")
    told.then("11-02 09:30", ANN, "assign_and_reopen", to=BEN).then("11-02 09:50", BEN)
    yield told.then("11-02 10:00", BEN, "close").ends("closed", admin=BEN)
    told = Conversation(302, "11-02 10:00").then("11-02 10:20", BEN).then("11-02 10:30", BEN, "close")
    yield (
        told.then("11-02 11:00", ANN, "note_and_reopen", "<p>Oh.</p>").then("11-02 11:30", ANN, "close").ends("closed")
    )
    twice = Conversation(304, "11-02 12:00").then("11-02 12:30", ANN).then("11-02 12:40", ANN, "close")
    yield twice.then("11-02 12:50", BEN, "close").ends("closed")
    thanked = Conversation(305, "11-02 13:00").then("11-02 13:10", ANN).then("11-02 13:20", CUSTOMER)
    yield thanked.then("11-02 13:20", ANN, "close").ends("closed")
    told = Conversation(309, "11-03 12:00").then("11-03 12:10", ANN).then("11-03 12:20", ANN, "close")
    told.then("11-03 12:30", CUSTOMER).record["statistics"] = {  # closed again, and no part says so
        "type": "conversation_statistics",
        "first_contact_reply_at": at("11-03 12:00"),
        "first_admin_reply_at": at("11-03 12:10"),
        "first_close_at": at("11-03 12:20"),
        "last_close_at": at("11-03 12:35"),
        "count_conversation_parts": 4,
    }
    yield told.ends("closed")


def begun_by_us_or_a_bot():
    form = Conversation(303, "11-02 11:00", author=BOT, delivered_as="operator_initiated")
    form.then("11-02 11:01", CUSTOMER, "quick_reply", "<p>Yes</p>").then("11-02 11:02", BOT)
    form.then("11-02 11:03", CUSTOMER, "attribute_collected").then("11-02 11:13", ANN)
    form.parts[-1] |= {"body": None, "attachments": [FILE]}
    yield form.then("11-02 11:20", CUSTOMER, "close").ends("closed")
    campaign = Conversation(308, "11-03 10:00", author=ANN, delivered_as="campaigns_initiated")
    campaign.record["conversation_rating"] = rating(308, 5, "11-03 11:45")
    campaign.then("11-03 11:00", CUSTOMER).then("11-03 11:30", BEN).then("11-03 11:40", BEN, "close")
    yield campaign.ends("closed")


def ended_by_fin():
    fin = Conversation(312, "11-04 09:00", ai_agent_participated=True)
    fin.record["ai_agent"] = {"resolution_state": "confirmed_resolution"}
    fin.then("11-04 09:01", FIN).then("11-04 09:02", CUSTOMER).then("11-04 09:03", FIN)
    yield fin.then("11-04 09:05", CUSTOMER, "close").ends("closed")
    again = Conversation(313, "11-05 09:04", contact=fin.contact, ai_agent_participated=True)
    again.record["ai_agent"] = {"resolution_state": "routed_to_team"}
    again.then("11-05 09:05", FIN).then("11-05 09:10", BOT, "assignment", to="601")
    yield again.then("11-05 09:30", BOT, "close").ends("closed", team="601")
    rated = Conversation(314, "11-05 10:00", conversation_rating=rating(314, 4, "11-05 10:06", "901"))
    yield rated.then("11-05 10:01", FIN).then("11-05 10:05", BOT, "close").ends("closed")


def given_away_and_snoozed():
    told = Conversation(316, "11-06 09:00").then("11-06 09:00", BOT, "assignment", to=ANN)
    told.then("11-06 09:30", ANN, "assignment").then("11-06 10:00", ANN, "assignment", to=BEN)
    told.parts[1]["assigned_to"] = {"type": "nobody_admin", "id": None}
    yield told.then("11-06 10:10", BEN).then("11-06 10:20", BEN, "close").ends("closed", admin=BEN)
    told = Conversation(318, "11-06 10:00").then("11-06 10:00", ANN, "assignment", to=ANN).then("11-06 10:10", ANN)
    told.then("11-06 10:20", ANN, "snoozed").then("11-09 09:00", BOT, "timer_unsnooze").then("11-09 09:30", ANN)
    yield told.then("11-09 09:40", ANN, "close").ends("closed", admin=ANN)
    weekend = Conversation(320, "11-07 10:00", priority="priority").then("11-07 10:45", BEN)
    yield weekend.then("11-08 11:00", BEN, "close").ends("closed", team="602")


def rating(number, value, rated_at, teammate=None, remark=None):
    return {
        "rating": value,
        "remark": remark,
        "created_at": at(rated_at),
        "contact": {"type": "contact", "id": f"{number:024x}"},
        "teammate": teammate and {"type": "admin", "id": teammate},
    }
