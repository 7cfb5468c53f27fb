"""fct_help_center_coverage: what customers can read, in which language."""

from tests.support.warehouse.built_together import built_together

NOW = 1_717_200_000  # Saturday 2024-06-01 00:00 UTC, when it is built
DAY = 86_400
MODELS = "+fct_help_center_coverage"


def coverage(house, columns):
    return house.answer("fct_help_center_coverage", f"collection_id, locale, {columns}", "collection_id, locale")


def collection(house, collection_id, **values):
    house.raw.add("collections", **{"id": collection_id, "name": collection_id} | values)


@built_together
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
    yield
    assert coverage(house, "count_published, count_drafts, count_missing_translations") == [
        ("k1", "de", 0, 1, 2),
        ("k1", "en", 2, 0, 0),
        ("k1", "pt-BR", 1, 0, 1),
    ]


@built_together
def test_a_language_in_which_only_a_collection_is_named_is_one_of_the_help_center(house):
    """German has no article at all; k3 is of a help center in one language, which it does not name."""
    names = {"type": "group_translated_content", "de": {"name": "Hilfe"}, "fr": {"name": ""}, "es": None}
    collection(house, "k1", help_center_id="h1", default_locale="en", translated_content=names)
    collection(house, "k2", help_center_id="h1", default_locale="en")
    collection(house, "k3", help_center_id="h2", translated_content=names)
    for article, inside in (("1", "k1"), ("2", "k2")):
        house.raw.article(article, inside)
    house.raw.article("3", "k3", default_locale=None)
    yield
    assert coverage(house, "count_published, count_missing_translations") == [
        ("k1", "de", 0, 1),
        ("k1", "en", 1, 0),
        ("k2", "de", 0, 1),
        ("k2", "en", 1, 0),
        ("k3", "default", 1, 0),
    ]


@built_together
def test_a_draft_is_no_missing_translation(house):
    collection(house, "k1", help_center_id="h1", default_locale="fr")
    house.raw.article("1", "k1", state="draft")
    yield
    assert coverage(house, "count_drafts, count_missing_translations") == [("k1", "en", 1, 0), ("k1", "fr", 0, 0)]


@built_together
def test_an_article_is_stale_after_180_days_without_a_change_in_that_language(house):
    collection(house, "k1")
    old, young = NOW - 180 * DAY - 1, NOW - 180 * DAY
    house.raw.article("1", "k1", at=old, translated_content={"de": {"state": "published", "updated_at": young}})
    house.raw.article("2", "k1", at=young, translated_content={"de": {"state": "published", "updated_at": old}})
    house.raw.article("3", "k1", at=old, translated_content={"de": {"state": "published", "updated_at": "soon"}})
    house.raw.article("4", "k1", at=old, state="draft")
    yield
    assert coverage(house, "count_stale") == [("k1", "de", 2), ("k1", "en", 2)]


@built_together
def test_collections_within_collections_have_the_languages_of_the_help_center(house):
    collection(house, "k1", help_center_id="h1")
    collection(house, "k2", parent_id="k1")
    collection(house, "k3", parent_id="k2", default_locale="nl")
    collection(house, "k4", help_center_id="h2", default_locale="sv")
    house.raw.article("1", "k2", default_locale="da")
    yield
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
    house.raw.article("draft", "1", default_locale="fr", state="draft")
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
        ("draft", None, None),
        ("en", None, 0),
        ("es", "fr", 1),
        ("fi", None, None),
        ("fr", "es", 1),
    ]


@built_together
def test_readers_are_counted_once_in_the_row_of_the_articles_own_language(house):
    collection(house, "k1")
    texts = {"de": {"state": "published"}}
    house.raw.article("1", "k1", views=1500, translated_content=texts, statistics__conversations=3)
    house.raw.article("2", "k1", views=0, statistics__conversions=0)
    house.raw.article("3", "k1", views=500, state="draft")
    house.raw.article("4", "k1")
    yield
    assert coverage(house, "count_views, conversations_per_1000_views, zero_view_share") == [
        ("k1", "de", None, None, None),
        ("k1", "en", 2000, 1.5, 0.5),
    ]


@built_together
def test_the_sad_share_is_of_reactions_and_needs_ten(house):
    collection(house, "few")
    collection(house, "many")
    facts = {"statistics__reactions": 9, "statistics__sad_reaction_percentage": 100}
    house.raw.article("1", "few", **facts)
    house.raw.article("2", "many", **facts)
    house.raw.article("3", "many", statistics__reactions=27, statistics__sad_reaction_percentage=0)
    yield
    assert coverage(house, "count_reactions, sad_share") == [("few", "en", 9, None), ("many", "en", 36, 0.25)]
