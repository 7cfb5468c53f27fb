"""dim_contacts: the people whom teammates help, and how they are."""

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
NOW = 1_717_200_000  # Saturday 2024-06-01 00:00 UTC, when it is built
DAY = 86_400
MODELS = "+dim_contacts +dim_companies"


def person(house, contact_id, created_at=NOON, **values):
    house.raw.add("contacts", id=contact_id, role="user", created_at=created_at, updated_at=created_at, **values)


def health(house):
    return house.answer("dim_contacts", "contact_id, health, health_reasons")


@built_together
def test_a_contact_is_at_risk_for_reasons_in_words(house):
    for name in ("angry", "happy", "keen", "waiting"):
        person(house, name)
    person(house, "new", NOW - 60)  # a minute ago
    person(house, "old", NOW - 99 * DAY)
    person(house, "silent", NOW - 91 * DAY)

    def writes(contact, number, at, **values):
        return house.raw.conversation(f"{contact}{number}", at, author=("user", contact), **values)

    rated = {"state": "closed", "conversation_rating__created_at": NOON + 20 * DAY}
    writes("angry", 1, NOON, **rated, conversation_rating__rating=2).replies(NOON + 1).closes(NOON + 2)
    rated["conversation_rating__created_at"] = NOON
    writes("angry", 2, NOON - 5, **rated, conversation_rating__rating=5).replies(NOON + 1).closes(NOON + 2)
    writes("happy", 1, NOON, **rated, conversation_rating__rating=3).replies(NOON + 1).closes(NOON + 2)
    for number in range(3):
        writes("keen", number, NOW - DAY - number).replies(NOW - 10)
    writes("old", 1, NOW - 91 * DAY, state="closed").closes(NOW)
    writes("waiting", 1, NOW - 4 * DAY)  # from Tuesday on: two business days and some hours
    yield
    assert health(house) == [
        ("angry", "at_risk", "last rating 2"),
        ("happy", "healthy", None),
        ("keen", "at_risk", "3 conversations in 7 days"),
        ("new", "healthy", None),
        ("old", "quiet", "no conversation in 90 days"),
        ("silent", "quiet", "no conversation in 90 days"),
        ("waiting", "at_risk", "waiting for more than 8 business hours"),
    ]


@built_together
def test_what_was_sent_and_not_answered_puts_nobody_at_risk(house):
    """Three messages each: one of the second contact's was answered, all of the third's."""
    house.raw.add("companies", id="k1", name="Acme", monthly_spend=80.0, created_at=NOON, updated_at=NOON)
    for answers, name in ((0, "c0"), (1, "c1"), (3, "c3")):
        person(house, name)
        for number in range(3):
            sent = house.raw.conversation(f"{name}{number}", NOW - DAY, author=("admin", "a1"))
            house.raw.add("conversation_contacts", conversation_id=f"{name}{number}", contact_id=name)
            if number < answers:
                sent.asks(NOW - 9, name).replies(NOW - 5)
    house.raw.add("contact_companies", contact_id="c0", company_id="k1")
    yield
    assert health(house) == [
        ("c0", "healthy", None),
        ("c1", "healthy", None),
        ("c3", "at_risk", "3 conversations in 7 days"),
    ]
    assert house.answer("dim_companies", "count_contact_conversations, health, spend_at_risk") == [(3, "healthy", 0.0)]


@built_together
def test_every_contact_of_a_conversation_has_it(house):
    """A deleted contact has no row, nor one that was merged into another."""
    for name in ("c1", "c2", "c3"):
        person(house, name)
    house.raw.add("deleted_records", entity="contacts", id="c3", reason="merged", merged_into_id="c1", noticed_at=NOON)
    house.raw.conversation("1", NOON, author=("user", "c1"))
    for name in ("c1", "c2", "c3"):
        house.raw.add("conversation_contacts", conversation_id="1", contact_id=name)
    columns = "contact_id, count_conversations, count_open_conversations"
    yield
    assert house.answer("dim_contacts", columns) == [("c1", 1, 1), ("c2", 1, 1)]


@built_together
def test_a_rating_is_of_the_contact_who_gave_it(house):
    """In the first conversation that is c2, merged into c3 since; Intercom does not say it of the second one."""
    for name in ("c1", "c2", "c3", "c4"):
        person(house, name)
    house.raw.add("deleted_records", entity="contacts", id="c2", reason="merged", merged_into_id="c3", noticed_at=NOON)
    rating = {"conversation_rating__rating": 1, "conversation_rating__created_at": NOON + 5}
    house.raw.conversation("1", NOON, author=("user", "c1"), conversation_rating__contact__id="c2", **rating)
    house.raw.conversation("2", NOON - 9, author=("user", "c4"), conversation_rating__contact__id="c8", **rating)
    for number, name in (("1", "c1"), ("1", "c2"), ("2", "c1"), ("2", "c4")):
        house.raw.add("conversation_contacts", conversation_id=number, contact_id=name)
    house.raw.conversation(
        "3", NOON, author=("user", "c1"), conversation_rating__rating=5, conversation_rating__created_at=NOON + 6
    )
    yield
    columns = "contact_id, last_rating"
    assert house.answer("dim_contacts", columns) == [("c1", 5), ("c3", 1), ("c4", 1)]


@built_together
def test_conversations_of_a_merged_contact_count_for_the_one_it_became(house):
    """c1 became c2, which became c3; c4 is another, and takes part in a conversation that c1 began."""
    for contact in ("c3", "c4"):
        house.raw.add("contacts", id=contact, role="user", created_at=NOON, updated_at=NOON)
        house.raw.add("contact_companies", contact_id=contact, company_id=f"k{contact}")
    for contact, survivor in (("c1", "c2"), ("c2", "c3")):
        house.raw.add("contacts", id=contact, role="lead", created_at=NOON, updated_at=NOON)
        house.raw.add(
            "deleted_records", entity="contacts", id=contact, reason="merged", merged_into_id=survivor, noticed_at=NOON
        )
    house.raw.add("deleted_records", entity="contacts", id="c9", reason="deleted", noticed_at=NOON)
    for number, contact in enumerate(("c1", "c2", "c3", "c4", "c9")):
        house.raw.conversation(str(number), NOW - DAY, author=("user", contact))
        house.raw.add("conversation_contacts", conversation_id=str(number), contact_id=contact)
    house.raw.add("conversation_contacts", conversation_id="0", contact_id="c3")
    house.raw.add("conversation_contacts", conversation_id="0", contact_id="c4")
    yield
    assert house.answer("dim_contacts", "contact_id, count_conversations") == [("c3", 3), ("c4", 2)]
    found = house.answer("fct_conversations", "conversation_id, contact_id, company_id")
    assert found == [
        ("0", "c3", "kc3"),
        ("1", "c3", "kc3"),
        ("2", "c3", "kc3"),
        ("3", "c4", "kc4"),
        ("4", "c9", None),
    ]
