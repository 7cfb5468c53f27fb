"""Visitors: people who never wrote. They cannot be listed, only looked up by their user id."""

from collections import deque
from collections.abc import Iterator
from secrets import token_hex

from ..api.errors import NotFound
from ..api.record import Record
from ..incremental.dlt_state import VERSION, VERSION_WITH_VISITORS_PASS, VisitorsState, opened, reset
from ..privacy.kept_rules import fingerprint
from ..privacy.user_id_pseudonyms import Pseudonyms
from ..reading.reading import Reading
from ..reading.resource import Continuation, Place, Resource
from ..reading.unreadable_records import UnreadableRecords
from ..records.attempts import account, each_attempted
from ..records.entity import shaped
from ..records.single_record import Whole
from ..rows.flatten import flatten
from ..rows.table import Rows, Table, integer, json, text, truth, unix_seconds
from ..rows.validation import Misfit, merged

PATH = "/visitors"
PEOPLE_AT_ONCE = 200
NOT_KNOWN = (
    "Intercom refused to look this visitor up, and nobody knows the user id any more: it is asked for again once it is "
    "met again, by a sync of a database that holds it, or where it is among visitor_user_ids"
)

VISITORS_TABLE = Table(
    name="visitors",
    one_row="a visitor who was looked up",
    key=("id",),
    is_of_one_person=True,
    columns=text(
        "impersonal",
        type="always visitor",
        avatar__type="always avatar",
        location_data__type="always location_data",
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
        location_data__region_name="region",
        location_data__postal_code="postal code",
        location_data__country_name="country",
        location_data__country_code="country code",
        location_data__continent_code="continent code",
        location_data__timezone="time zone",
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
    """Read the visitors among `visitor_user_ids` of the configuration and the people met since the last time.

    Most people met are contacts and no visitors; asking costs a call for each. One who cannot be looked up holds up no
    other; what the state and `unreadable_records` keep is a pseudonym, not the user id: privacy rules may protect it.
    """
    state, unreadable = opened(reading.state, VisitorsState), reading.unreadable
    session = reading.session
    if session.begins(reading.report.resource) and session.wishes.from_scratch:
        reset(state)
    pseudonyms = _taken_over(state, session.guard.privacy.hash_key, unreadable)
    # A copy: requests of a resource that has failed go on for a moment, and meet people meanwhile.
    people = {pseudonyms.of(user_id): user_id for user_id in tuple(session.people)}
    # The state's place is further on where a run begins with people who were met since; this run has its own.
    left = deque(sorted(one for one in people if one > session.looked_up_to))

    def looked_up(pseudonym: str) -> Whole[Rows] | None:
        try:
            answer = reading.client.get(PATH, user_id=people[pseudonym])
        except NotFound:
            return None
        return shaped(Whole(answer.data, 0, answer.server_at), _rows)

    for batch, found in each_attempted(session, _batches(reading, left), list, looked_up):
        visitors = [visitor.detail for _, visitor in found if isinstance(visitor, Whole)]
        reading.report.count_records += len(visitors)
        yield merged(visitors)
        for pseudonym, visitor in found:
            account(unreadable, VISITORS_TABLE.name, pseudonym, visitor)
        if len(found) == len(batch):
            session.looked_up_to = batch[-1]
            _advance(state, batch[-1], float(reading.load_id))
    if left or session.stop.is_set():
        return
    for pseudonym in set(unreadable.ids).difference(people):
        if session.wishes.has_all_people:
            unreadable.readable(pseudonym)  # the person is not in the database any more
        else:
            unreadable.misshapen(pseudonym, [Misfit(VISITORS_TABLE.name, pseudonym, NOT_KNOWN)])
    state.pop("pass", None)
    state["version"] = VERSION
    state["looked_up_at"] = float(reading.load_id)
    unreadable.check()


def _batches(reading: Reading, left: deque[str]) -> Iterator[list[str]]:
    """Take people off those who are `left`, some at once, as many as the chunk allows.

    A script's run, which is a single chunk, takes all of them: the next run would not know whom this one has met.
    """
    while left:
        batch = [left.popleft() for _ in range(min(len(left), PEOPLE_AT_ONCE))]
        reading.chunk.take(len(batch))
        yield batch
        if reading.chunk.is_spent and not reading.chunk.is_whole_run:
            return


def _advance(state: VisitorsState, after: str, load_id: float) -> None:
    """Note that everybody up to this pseudonym is looked up; an earlier pass may have come further.

    Whom this one looks up before that are people who were met since.
    """
    if "pass" not in state or after > state["pass"]["after"]:
        state["pass"] = {"after": after, "met_until": load_id}
        state["version"] = VERSION_WITH_VISITORS_PASS


def pseudonyms_in(state: VisitorsState, hash_key: str) -> Pseudonyms | None:
    """Return how visitors' pseudonyms in the state were made; None if it was with another `hash_key` than now's."""
    if "hash_key" not in state:
        return Pseudonyms((state["mark_key"],) if "mark_key" in state else ())
    if not hash_key or state["hash_key"] != fingerprint(hash_key):
        return None
    return Pseudonyms((state["mark_key"], hash_key))


def _taken_over(state: VisitorsState, hash_key: str, unreadable: UnreadableRecords) -> Pseudonyms:
    """Return how visitors' user ids are replaced now; pseudonyms with fewer keys give way to ones with all."""
    before = pseudonyms_in(state, hash_key)
    pseudonyms = Pseudonyms((state.setdefault("mark_key", token_hex(16)), *([hash_key] if hash_key else [])))
    if hash_key:
        state["hash_key"] = fingerprint(hash_key)
    else:
        state.pop("hash_key", None)
    if before != pseudonyms:
        state.pop("pass", None)  # its order is another one
    if before is not None and before != pseudonyms:
        for pseudonym in unreadable.ids:
            unreadable.rename(pseudonym, pseudonyms.renewed(pseudonym, before))
    return pseudonyms


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
