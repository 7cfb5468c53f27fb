"""fct_message_engagement: what customers did with messages."""

from tests.support.warehouse.built_together import built_together

NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
DAY = 86_400
MODELS = "+fct_message_engagement"


def engagement(house, columns):
    return house.answer("fct_message_engagement", f"content_id, {columns}", "content_id, day")


@built_together
def test_rates_are_over_what_was_delivered(house):
    house.raw.receipt("m1", NOON, first_hard_bounce=NOON + 5, first_open=NOON + 6)
    house.raw.receipt("m1", NOON, first_open=NOON + 10, first_click=NOON + 20)
    house.raw.receipt("m1", NOON, first_open=NOON + 30)
    house.raw.receipt("m1", NOON, first_click=NOON + 40, first_dismisall=NOON + 1)
    house.raw.receipt("m1", NOON, first_reply=NOON + 50, first_unsubscribe=NOON + 1)
    house.raw.receipt("m2", NOON, first_hard_bounce=NOON + 5)
    columns = (
        "count_receipts, count_delivered, open_rate, click_rate, reply_rate, dismissal_rate, unsubscribe_rate, "
        "click_to_open_rate, median_seconds_to_open"
    )
    yield
    assert engagement(house, columns) == [
        ("m1", 5, 4, 0.5, 0.5, 0.25, 0.25, 0.25, 0.5, 20),
        ("m2", 1, 0, None, None, None, None, None, None, None),
    ]


def test_a_message_belongs_to_the_local_day_on_which_it_was_sent(house):
    house.raw.add("workspace", id_code="w", timezone="America/New_York")
    midnight = NOON + 16 * 3600  # 2024-05-02 00:00 in New York
    house.raw.receipt("m1", midnight - 1, first_open=midnight + 3 * DAY)
    house.raw.receipt("m1", midnight)
    assert engagement(house, "cast(day as varchar), count_receipts, count_opened") == [
        ("m1", "2024-05-01", 1, 1),
        ("m1", "2024-05-02", 1, 0),
    ]


def test_a_renamed_content_has_its_last_name_and_minus_one_is_no_series(house):
    house.raw.receipt("m1", NOON - 2 * DAY, title="Old", series_id="-1")
    house.raw.receipt("m1", NOON, title="New", series_id="-1")
    house.raw.receipt("m1", NOON + DAY, title="")
    house.raw.receipt(None, NOON, title="")
    assert engagement(house, "content_title, series_id") == [
        ("m1", "New", None),
        ("m1", "New", None),
        ("m1", "New", None),
        ("none", None, None),
    ]


@built_together
def test_an_opening_before_the_sending_took_no_time(house):
    house.raw.receipt("m1", NOON, first_open=NOON - 3)
    yield
    assert engagement(house, "open_rate, median_seconds_to_open") == [("m1", 1.0, 0)]
