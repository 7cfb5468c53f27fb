"""fct_handovers: from one owner to the next."""

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
MODELS = "+fct_handovers"


def handovers(house, columns):
    return house.answer("fct_handovers", columns, "conversation_id, handover")


@built_together
def test_a_handover_is_between_two_different_owners(house):
    story = house.raw.conversation("1", NOON).assigns(NOON + 1, ("admin", "a1")).assigns(NOON + 2, ("admin", "a1"))
    story.assigns(NOON + 3, ("admin", "a2")).replies(NOON + 4, admin="a1").replies(NOON + 33, admin="a2")
    story.assigns(NOON + 40, ("admin", "a1")).assigns(NOON + 50, ("nobody_admin", None))
    story.assigns(NOON + 60, ("team", "t1")).assigns(NOON + 61, ("team", "t2")).replies(NOON + 70, admin="a7")
    columns = "kind, from_admin_id, to_admin_id, from_team_id, to_team_id, seconds_to_reply, was_bounced_back"
    yield
    assert handovers(house, columns) == [
        ("teammate_to_teammate", "a1", "a2", None, None, 30, True),
        ("teammate_to_teammate", "a2", "a1", None, None, None, False),
        ("to_unassigned", "a1", None, None, None, None, False),
        ("team_to_team", None, None, "t1", "t2", 9, False),
    ]


@built_together
def test_a_team_and_a_teammate_assigned_in_one_step_are_one_handover(house):
    """Intercom leaves a part for one of them; the conversation says both."""
    both = {"admin_assignee_id": "a2", "team_assignee_id": "t1", "statistics__last_assignment_at": NOON + 20}
    for number, part in (("1", ("admin", "a2")), ("2", ("team", "t1"))):
        story = house.raw.conversation(number, NOON, **both).assigns(NOON + 5, ("team", "t2"))
        story.assigns(NOON + 10, ("admin", "a1")).assigns(NOON + 20, part).replies(NOON + 50, admin="a2")
    story = house.raw.conversation("3", NOON, **both).assigns(NOON + 10, ("team", "t2"))
    story.assigns(NOON + 20, ("admin", "a2"))
    story = house.raw.conversation("4", NOON, **both).assigns(NOON + 10, ("admin", "a1"))
    story.assigns(NOON + 20, ("admin", "a3"))  # somebody else by the part
    story = house.raw.conversation("5", NOON, **both).assigns(NOON + 5, ("team", "t2"))
    story.assigns(NOON + 10, ("admin", "a1"))
    story.assigns(NOON + 20, ("admin", "a2"), by=("admin", "a2"), body="<p>I take it</p>")
    yield
    columns = "kind, from_admin_id, to_admin_id, from_team_id, to_team_id, seconds_to_reply"
    assert handovers(house, columns) == [
        ("teammate_to_teammate", "a1", "a2", "t2", "t1", 30),
        ("teammate_to_teammate", "a1", "a2", "t2", "t1", 30),
        ("team_to_team", None, "a2", "t2", "t1", None),
        ("teammate_to_teammate", "a1", "a3", None, None, None),
        ("teammate_to_teammate", "a3", "a2", None, "t1", None),
        ("teammate_to_teammate", "a1", "a2", "t2", "t1", 0),
    ]


@built_together
def test_a_bot_hands_over_to_the_first_teammate_only(house):
    story = house.raw.conversation("1", NOON).bot_replies(NOON + 1)
    story.assigns(NOON + 2, ("admin", "a1"), by=("bot", "b1"), part_type="workflow_assignment")
    story.assigns(NOON + 3, ("nobody_admin", None)).assigns(NOON + 4, ("admin", "a2"))
    house.raw.conversation("2", NOON).assigns(NOON + 2, ("admin", "a1")).bot_replies(NOON + 3)
    yield
    assert handovers(house, "conversation_id, kind, to_admin_id") == [
        ("1", "bot_to_teammate", "a1"),
        ("1", "to_unassigned", None),
    ]


@built_together
def test_a_bot_that_greeted_or_speaks_with_its_assignment_hands_over(house):
    by_bot = {"by": ("bot", "b1"), "to": ("admin", "a1")}
    greeted = house.raw.conversation("1", NOON, author=("bot", "b1"), source__delivered_as="operator_initiated")
    greeted.asks(NOON + 1).assigns(NOON + 2, **by_bot).replies(NOON + 12)
    house.raw.conversation("2", NOON).assigns(NOON + 2, **by_bot, body="<p>a1 will help you</p>").replies(NOON + 3)
    house.raw.conversation("3", NOON).assigns(NOON + 2, **by_bot).replies(NOON + 3)
    yield
    assert handovers(house, "conversation_id, kind, to_admin_id, seconds_to_reply") == [
        ("1", "bot_to_teammate", "a1", 10),
        ("2", "bot_to_teammate", "a1", 1),
    ]


@built_together
def test_a_teammate_who_left_still_hands_over(house):
    story = house.raw.conversation("1", NOON).assigns(NOON + 1, ("admin", "gone"))
    story.assigns(NOON + 2, ("admin", "also gone"))
    yield
    assert handovers(house, "from_admin_id, to_admin_id") == [("gone", "also gone")]


@built_together
def test_a_teammate_who_hands_over_to_a_team_has_it_no_more(house):
    story = house.raw.conversation("1", NOON).assigns(NOON + 1, ("admin", "a1")).assigns(NOON + 10, ("team", "t1"))
    story.assigns(NOON + 20, ("admin", "a2")).replies(NOON + 25, admin="a2")
    columns = "kind, from_admin_id, to_admin_id, to_team_id, seconds_to_reply"
    yield
    assert handovers(house, columns) == [("teammate_to_team", "a1", None, "t1", 15)]


@built_together
def test_a_teammate_may_hand_over_to_the_team_that_has_had_it_all_along(house):
    story = house.raw.conversation("1", NOON).assigns(NOON + 1, ("team", "t1")).assigns(NOON + 2, ("admin", "a1"))
    story.assigns(NOON + 10, ("team", "t1")).assigns(NOON + 20, ("admin", "a2")).replies(NOON + 25, admin="a2")
    story.assigns(NOON + 30, ("nobody_admin", None))
    story = house.raw.conversation("2", NOON).assigns(NOON + 1, ("team", "t1")).assigns(NOON + 2, ("admin", "a1"))
    story.replies(NOON + 3, admin="a1").knows(admin_assignee_id=None)  # no part shows how a1 lost it
    yield
    assert handovers(house, "conversation_id, kind, from_team_id, to_team_id, seconds_to_reply") == [
        ("1", "teammate_to_team", "t1", "t1", 15),
        ("1", "to_unassigned", "t1", "t1", None),
        ("2", "to_unassigned", "t1", "t1", None),
    ]


@built_together
def test_what_is_said_while_handing_over_to_a_team_is_not_its_reply(house):
    story = house.raw.conversation("1", NOON).assigns(NOON + 1, ("team", "t1"))
    story.assigns(NOON + 10, ("team", "t2"), body="<p>My colleagues will help you.</p>").replies(NOON + 70, admin="a7")
    yield
    assert handovers(house, "kind, seconds_to_reply") == [("team_to_team", 60)]
