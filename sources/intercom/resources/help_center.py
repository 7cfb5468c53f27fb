"""The help center: help centers, collections and articles."""

from ..api.lists.page import PER_PAGE
from ..api.record import Record, record_id
from ..incremental.known_list import KnownList
from ..incremental.sizing import of_known_list
from ..incremental.whole_list import whole_list
from ..reading.reading import Reading
from ..reading.resource import Resource
from ..records.single_record import fetched
from ..rows.flatten import flatten
from ..rows.table import Table, integer, json, number, text, truth, unix_seconds

HELP_CENTERS_TABLE = Table(
    name="help_centers",
    one_row="a help center",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        workspace_id="the workspace's id code",
        identifier="part of its address",
        display_name="name",
        url="address",
        custom_domain="the workspace's own domain",
    )
    | unix_seconds(created_at="when it was created", updated_at="last change")
    | truth(website_turned_on="it can be visited"),
    replaced="whole",
)
COLLECTIONS_TABLE = Table(
    name="collections",
    one_row="a collection of articles; former sections are collections with a parent",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        type="always collection, where Intercom sends it",
        workspace_id="the workspace's id code",
        name="name",
        description="description",
        url="address",
        icon="icon",
        default_locale="language of the name",
        parent_id="collections.id of the collection it is in",
        help_center_id="help_centers.id",
    )
    | unix_seconds(created_at="when it was created", updated_at="last change")
    | integer(order="place among its siblings")
    | json("impersonal", translated_content="name and description by language"),
    replaced="whole",
)
ARTICLES_TABLE = Table(
    name="articles",
    one_row="an article",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        type="always article",
        workspace_id="the workspace's id code",
        title="title",
        description="description",
        body="HTML",
        author_id="admins.id",
        state="published or draft",
        url="address; null for drafts",
        parent_id="collections.id",
        parent_type="collection or section",
        default_locale="language of title and body",
        statistics__type="always article_statistics",
    )
    | unix_seconds(created_at="when it was created", updated_at="last change")
    | integer(
        statistics__views="views, when the article was last read: once a day",
        statistics__conversations="conversations started from it",
        statistics__conversions="the same under the name of the API's description",
        statistics__reactions="reactions",
    )
    | number(
        statistics__happy_reaction_percentage="percent of reactions",
        statistics__neutral_reaction_percentage="percent of reactions",
        statistics__sad_reaction_percentage="percent of reactions",
    )
    | json(
        "impersonal",
        parent_ids="collections.id of all collections above it",
        translated_content="the article by language",
    ),
)


def _with_statistics(reading: Reading, article: Record) -> Record | None:
    """Return the article from its own call: the list has no statistics, and they do not move `updated_at`."""
    whole = fetched(reading.client, "/articles", record_id(article, "/articles"))
    return None if whole is None else whole.detail


def _article_row(article: Record) -> dict[str, object]:
    return flatten(article, {"translated_content"})


def _collection_row(collection: Record) -> dict[str, object]:
    return flatten(collection, {"translated_content"})


HELP_CENTER = (
    whole_list("help_centers", "/help_center/help_centers", HELP_CENTERS_TABLE, flatten),
    whole_list("collections", "/help_center/collections", COLLECTIONS_TABLE, _collection_row, per_page=PER_PAGE),
    Resource(
        "articles",
        (ARTICLES_TABLE,),
        KnownList("/articles", ARTICLES_TABLE, _with_statistics, _article_row, has_silent_figures=True).read,
        ("GET /articles", "GET /articles/{id}"),
        size_of=of_known_list("/articles", has_silent_figures=True),
    ),
)
