"""Visitors: people who never wrote. They cannot be listed, only looked up by their user id."""

import time
from collections.abc import Iterator

from ..api.errors import NotFound
from ..api.record import Record, record_id
from ..incremental.attempted import Unreadable, all_attempted
from ..incremental.dlt_state import VisitorsState, opened
from ..reading.reading import Reading
from ..reading.resource import Continuation, Place, Resource
from ..rows.flatten import flatten
from ..rows.table import Rows, Table, integer, json, text, truth, unix_seconds

PATH = "/visitors"

VISITORS_TABLE = Table(
    name="visitors",
    one_row="a visitor who was looked up",
    key=("id",),
    is_of_one_person=True,
    columns=text(
        "impersonal",
        type="always visitor",
        avatar__type="always avatar",
        app_id="the workspace's id code",
        owner_id="admins.id of the owner",
    )
    | text("contact_id", id="Intercom's id")
    | text("user_id", user_id="the id that the Messenger gave the visitor")
    | text("email", email="e-mail address")
    | text("phone", phone="phone number")
    | text("name", name="name")
    | text(
        "detail",
        pseudonym="name that Intercom made up",
        avatar__image_url="picture",
        location_data__city_name="city",
        location_data__country_code="country code",
        referrer="page that led to the first visit",
        utm_campaign="UTM campaign",
        utm_content="UTM content",
        utm_medium="UTM medium",
        utm_source="UTM source",
        utm_term="UTM term",
    )
    | unix_seconds(
        created_at="when the visitor came first",
        remote_created_at="when you say that the visitor came first",
        signed_up_at="when the visitor signed up",
        updated_at="last change",
        last_request_at="last visit",
    )
    | integer(session_count="visits")
    | truth(
        anonymous="nothing is known of the person",
        unsubscribed_from_emails="wants no e-mails",
        marked_email_as_spam="marked an e-mail as spam",
        has_hard_bounced="an e-mail bounced for good",
        do_not_track="wants not to be followed",
    )
    | json(
        "detail",
        custom_attributes="your own attributes",
        tags="tags",
        segments="segments",
        companies="companies",
        social_profiles="social profiles",
    ),
)
FREE_FORM = {"custom_attributes", "tags", "segments", "companies", "social_profiles"}


def read(reading: Reading) -> Iterator[Rows]:
    """Yield the visitors among `visitor_user_ids` of the configuration and the people met since the last time.

    Most people met are contacts and no visitors; asking costs a call for each. An error of one of them is raised once
    the others are on their way.
    """

    def looked_up(user_id: str) -> Record | None:
        try:
            visitor = reading.client.get(PATH, user_id=user_id).data
        except NotFound:
            return None
        record_id(visitor, PATH)
        return visitor

    found = all_attempted(reading.session.details, looked_up, sorted(reading.session.people))
    visitors = [visitor for visitor in found if isinstance(visitor, dict)]
    reading.report.count_records += len(visitors)
    yield reading.unreadable.rows_of(visitors, _rows)
    for visitor in found:
        if isinstance(visitor, Unreadable) and visitor.error is not None:
            raise visitor.error
    reading.unreadable.check()
    opened(reading.state, VisitorsState)["looked_up_at"] = time.time()


def _rows(visitors: list[Record]) -> Rows:
    return [(VISITORS_TABLE, [flatten(visitor, FREE_FORM) for visitor in visitors])]


VISITORS = Resource(
    "visitors",
    (VISITORS_TABLE,),
    read,
    (f"GET {PATH}",),
    continuation=Continuation.PEOPLE_MET,
    place=Place.LAST,
    is_opt_in=True,
)
