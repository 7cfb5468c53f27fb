"""fct_help_center_coverage and fct_message_engagement: what customers can read, and what they did with messages."""

NOW = 1_717_200_000
NOON = 1_714_564_800  # Wednesday 2024-05-01 12:00 UTC
DAY = 86_400


def coverage(house, columns):
    return house.answer("fct_help_center_coverage", f"collection_id, locale, {columns}", "collection_id, locale")


def collection(house, collection_id, **values):
    house.raw.add("collections", **{"id": collection_id, "name": collection_id} | values)


def test_an_article_counts_in_each_language_by_its_state_there(house):
    collection(house, "k1", help_center_id="h1")
    texts = {
        "type": "x",
        "de": {"state": "draft"},
        "pt-BR": {"state": "published"},
        "fr": None,
        "en": {"state": "draft"},
    }
    house.raw.article("1", "k1", at=NOW, translated_content=texts)
    house.raw.article("2", "k1", at=NOW)
    assert coverage(house, "count_published, count_drafts, count_missing_translations") == [
        ("k1", "de", 0, 1, 2),
        ("k1", "en", 2, 0, 0),
        ("k1", "pt-BR", 1, 0, 1),
    ]


def test_a_draft_is_no_missing_translation(house):
    collection(house, "k1", help_center_id="h1", default_locale="fr")
    house.raw.article("1", "k1", state="draft")
    assert coverage(house, "count_drafts, count_missing_translations") == [("k1", "en", 1, 0), ("k1", "fr", 0, 0)]


def test_an_article_is_stale_after_180_days_without_a_change_in_that_language(house):
    collection(house, "k1")
    old, young = NOW - 180 * DAY - 1, NOW - 180 * DAY
    house.raw.article("1", "k1", at=old, translated_content={"de": {"state": "published", "updated_at": young}})
    house.raw.article("2", "k1", at=young, translated_content={"de": {"state": "published", "updated_at": old}})
    house.raw.article("3", "k1", at=old, translated_content={"de": {"state": "published", "updated_at": "soon"}})
    house.raw.article("4", "k1", at=old, state="draft")
    assert coverage(house, "count_stale") == [("k1", "de", 2), ("k1", "en", 2)]


def test_languages_are_those_of_the_help_center_also_for_collections_in_collections(house):
    collection(house, "k1", help_center_id="h1")
    collection(house, "k2", parent_id="k1")
    collection(house, "k3", parent_id="k2", default_locale="nl")
    collection(house, "k4", help_center_id="h2", default_locale="sv")
    house.raw.article("1", "k2", default_locale="da")
    assert coverage(house, "help_center_id, count_missing_translations") == [
        ("k1", "da", "h1", 0),
        ("k1", "nl", "h1", 0),
        ("k2", "da", "h1", 0),
        ("k2", "nl", "h1", 1),
        ("k3", "da", "h1", 0),
        ("k3", "nl", "h1", 0),
        ("k4", "sv", "h2", 0),
    ]


def test_articles_in_no_collection_have_a_row_of_their_own(house):
    house.raw.article("1", None)
    house.raw.article("2", "gone")
    house.raw.article("3", None, default_locale=None)
    house.raw.article("4", None)
    house.raw.add("deleted_records", entity="articles", id="4")
    house.raw.article("5", None, state=None, views=7)
    assert coverage(house, "count_published, count_views") == [("none", "default", 1, None), ("none", "en", 2, 7)]


def test_languages_of_other_help_centers_are_missing_nowhere(house):
    """Nobody knows which help center has collections 1 and 2, nor an article in no collection."""
    for name, locales in (("1", ("fr", "es")), ("2", ("en",)), ("gone", ("da",)), (None, ("fi",))):
        for locale in locales:
            house.raw.article(locale, name, default_locale=locale)
        if name in ("1", "2"):
            collection(house, name)
    assert coverage(house, "count_missing_translations") == [
        ("1", "es", 1),
        ("1", "fr", 1),
        ("2", "en", 0),
        ("none", "da", None),
        ("none", "fi", None),
    ]
    columns = "article_id, languages_missing, count_languages_missing"
    assert house.answer("fct_articles", columns) == [
        ("da", None, None),
        ("en", None, 0),
        ("es", "fr", 1),
        ("fi", None, None),
        ("fr", "es", 1),
    ]


def test_readers_are_counted_once_in_the_row_of_the_articles_own_language(house):
    collection(house, "k1")
    texts = {"de": {"state": "published"}}
    house.raw.article("1", "k1", views=1500, translated_content=texts, statistics__conversations=3)
    house.raw.article("2", "k1", views=0, statistics__conversions=0)
    house.raw.article("3", "k1", views=500, state="draft")
    house.raw.article("4", "k1")
    assert coverage(house, "count_views, conversations_per_1000_views, zero_view_share") == [
        ("k1", "de", None, None, None),
        ("k1", "en", 2000, 1.5, 0.5),
    ]


def test_the_sad_share_is_of_reactions_and_needs_ten(house):
    collection(house, "few")
    collection(house, "many")
    facts = {"statistics__reactions": 9, "statistics__sad_reaction_percentage": 100}
    house.raw.article("1", "few", **facts)
    house.raw.article("2", "many", **facts)
    house.raw.article("3", "many", statistics__reactions=27, statistics__sad_reaction_percentage=0)
    assert coverage(house, "count_reactions, sad_share") == [("few", "en", 9, None), ("many", "en", 36, 0.25)]


def engagement(house, columns):
    return house.answer("fct_message_engagement", f"content_id, {columns}", "content_id, day")


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
    house.raw.receipt(None, NOON, title="")
    assert engagement(house, "content_title, series_id") == [
        ("m1", "New", None),
        ("m1", "New", None),
        ("none", None, None),
    ]


def test_an_opening_before_the_sending_took_no_time(house):
    house.raw.receipt("m1", NOON, first_open=NOON - 3)
    assert engagement(house, "open_rate, median_seconds_to_open") == [("m1", 1.0, 0)]


def test_events_of_a_deleted_contact_are_left_out(house):
    for name in ("u1", "u2"):
        house.raw.add("data_events", id=f"e-{name}", contact_id=name, event_name="paid", created_at=NOON)
    house.raw.add("activity_logs", id="l1", activity_type="admin_login", performed_by__id="a1", created_at=NOON)
    house.raw.add("deleted_records", entity="contacts", id="u2")
    assert house.answer("stg_data_events", "event_id, event_name, created_at_epoch") == [("e-u1", "paid", NOON)]
    assert house.answer("stg_activity_logs", "activity_type, performed_by_admin_id") == [("admin_login", "a1")]
