"""Companies with their tags and segments: read whole in every run, because no endpoint filters them by time."""

from collections.abc import Collection, Iterator
from functools import partial
from itertools import islice

from ..api.call import Call
from ..api.completeness.overstated_totals import Excess
from ..api.completeness.shortfall import Count, conclude
from ..api.errors import AccessDenied, BadAnswer, IncompleteListing, InvalidRequest, NotFound, RecordDenied
from ..api.http.client import Client
from ..api.identity import believable
from ..api.lists.batches import in_lasting_batches
from ..api.lists.list_answer import total_count_in
from ..api.lists.pagination import paged
from ..api.lists.records_without_id import identified
from ..api.lists.scroll import SCROLL_PER_PAGE, scrolled
from ..api.record import Record, created_at, record_id
from ..incremental.sizing import of_whole_list
from ..incremental.unchanged_lists import changed
from ..reading.reading import Reading
from ..reading.resource import Resource
from ..records.entity import Entity
from ..records.single_record import by_id, fetched
from ..rows.flatten import flatten
from ..rows.linked_records import Link
from ..rows.table import Rows, Table, integer, json, number, text, unix_seconds

PATH = "/companies/scroll"
CALL = Call("GET", PATH)
LIST_PATH = "/companies"  # of those with users: it has a number of them, and ends after 10,000
LIST_PER_PAGE = 60
MOST_SUSPECTS = 20

COMPANIES_TABLE = Table(
    name="companies",
    one_row="a company",
    key=("id",),
    columns=text(
        "impersonal",
        id="Intercom's id",
        type="always company",
        app_id="the workspace's id code",
        company_id="your own id of the company",
        name="name",
        plan__type="always plan",
        plan__id="plan's id",
        plan__name="plan's name",
        website="web address",
        industry="industry",
    )
    | unix_seconds(
        remote_created_at="when you say that it was created",
        created_at="when Intercom first knew it",
        updated_at="last change",
        last_request_at="last request of one of its users",
    )
    | number(monthly_spend="revenue a month, in your currency")
    | integer(
        size="employees", session_count="sessions of all its users", user_count="users that Intercom counts in it"
    )
    | json("impersonal", custom_attributes="your own attributes"),
)
COMPANY_TAGS = Link.of(
    COMPANIES_TABLE,
    "company",
    "tags",
    "a tag on a company",
    text("impersonal", tag_id="tags.id", type="always tag", name="tag's name"),
)
COMPANY_SEGMENTS = Link.of(
    COMPANIES_TABLE,
    "company",
    "segments",
    "a company's membership in a segment",
    text("impersonal", segment_id="segments.id"),
    only_ids=True,
)


def read(reading: Reading) -> Iterator[Rows]:
    """Read the companies, some of the scroll at a time, without the batches that are as the last run has left them."""
    yield from changed(reading, _batches(reading))


def _batches(reading: Reading) -> Iterator[Rows]:
    """Yield the rows of every company; of a scroll that brings too few, all that a second one brings.

    A scroll that broke starts over and brings companies again. Their lists must not go into one load package twice, so
    the first version wins; a change in between is seen by the next run, which reads every company anyway.
    Raises IncompleteListing if companies are missing that Intercom has: an early empty page looks as the end does.
    """
    began_at = int(reading.session.identity.now())
    count_listed, excess = count_with_users(reading.client), Excess(reading.state, PATH)
    taken: set[str] = set()
    strays: set[str] = set()
    for _ in range(2):
        for companies in in_lasting_batches(_untaken(reading, taken, strays), partial(record_id, path=PATH)):
            yield reading.unreadable.rows_of(companies, company_rows)
        count = Count(len(taken) + len(strays), count_listed)
        if not count.is_doubtful(excess.count):
            break
    if count.is_doubtful(excess.count) and count.lacks_many:
        is_any_hidden = _is_any_hidden(reading, taken, began_at)
        if is_any_hidden is None:
            excess = Excess({}, PATH)  # no proof that nothing is hidden: the next run looks again
        if not is_any_hidden:
            excess.remember(count.missing)
    conclude(count, CALL, excess, reading.client.tally)


def _untaken(reading: Reading, taken: set[str], strays: set[str]) -> Iterator[Record]:
    """Yield the companies of a scroll that are not `taken` yet, and take them; `strays` gets what has no id."""
    for page in reading.noting_strays(identified(scrolled(reading.client, PATH), CALL)):
        by_id = {record_id(company, PATH): company for company in page.records}
        companies = [company for company_id, company in by_id.items() if company_id not in taken]
        taken.update(by_id)
        strays.update(stray.where for stray in page.strays)
        reading.report.count_records += len(companies)
        yield from companies


def _is_any_hidden(reading: Reading, taken: Collection[str], began_at: int) -> bool | None:
    """Return True if the list of companies with users shows one that exists and is not among the `taken` ones.

    It may show, or count, what was deleted: it proves nothing by itself. Nor does one that is new since `began_at`
    (unix seconds). None where Intercom refuses to tell, as behind the first 10,000.
    """
    client, is_any_denied = reading.client, False
    pages = identified(paged(client, LIST_PATH, per_page=LIST_PER_PAGE), Call("GET", LIST_PATH))
    listed = (company for page in pages for company in page.records if not _is_new(company, reading, began_at))
    ids = (record_id(company, LIST_PATH) for company in listed)
    try:
        for suspect in islice((one for one in ids if one not in taken), MOST_SUSPECTS):
            try:
                if fetched(client, LIST_PATH, suspect) is not None:
                    return True
            except RecordDenied:
                is_any_denied = True
    except (AccessDenied, InvalidRequest, IncompleteListing, NotFound):
        return None
    return None if is_any_denied else False


def _is_new(company: Record, reading: Reading, began_at: int) -> bool:
    return any(at >= began_at for at in believable([created_at(company)], reading.session.identity.now()))


def company_rows(companies: list[Record]) -> Rows:
    """Return the rows of a page of companies."""
    own_rows = [flatten(company, {"custom_attributes"}, {"tags", "segments"}) for company in companies]
    return [(COMPANIES_TABLE, own_rows), *COMPANY_TAGS.rows_of(companies), *COMPANY_SEGMENTS.rows_of(companies)]


def count_with_users(client: Client) -> int | None:
    """Return how many companies have users, or None if the list does not say: the scroll needs no number."""
    try:
        return total_count_in(client.quick().get(LIST_PATH, per_page=1).data)
    except (AccessDenied, BadAnswer, InvalidRequest, NotFound):
        return None


COMPANY = Entity(
    (COMPANIES_TABLE, COMPANY_TAGS.table, COMPANY_SEGMENTS.table),
    by_id(LIST_PATH),
    company_rows,
    as_listed=lambda listed: listed,
)
COMPANIES = Resource(
    "companies", COMPANY.tables, read, (str(CALL),), size_of=of_whole_list(count_with_users, SCROLL_PER_PAGE)
)
