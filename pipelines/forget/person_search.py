"""Finding a person by id, own id or e-mail address, and everything in the raw tables that names them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipelines.destination.raw_tables import RawTables, literal, quoted
from sources.intercom.privacy.concealment import Conceal
from sources.intercom.privacy.person import LINKED_CONTACT, PARTICIPATIONS, TABLE_OF_VISITORS, TEAMMATES
from sources.intercom.rows.deleted_records import DELETED_RECORDS

ACTIVITY_LOGS = "activity_logs"


@dataclass(frozen=True)
class Named:
    """Where a contact is named: the columns with Intercom's id, the own id and the e-mail address, if there are any.

    `author_type`: the column that tells contacts from teammates.
    """

    table: str
    contact_id: str
    external_id: str | None = None
    email: str | None = None
    author_type: str | None = None

    def columns(self, raw: RawTables) -> tuple[str, str | None, str | None]:
        """Return the columns that exist: what nobody ever had has none."""
        has = raw.columns(self.table)
        return (
            self.contact_id,
            self.external_id if self.external_id in has else None,
            self.email if self.email in has else None,
        )


NAMED = (
    Named("contacts", "id", "external_id", "email"),
    Named("conversation_contacts", "contact_id", "external_id"),
    Named("ticket_contacts", "contact_id", "external_id"),
    Named("conversations", "source__author__id", None, "source__author__email", "source__author__type"),
    Named("conversation_parts", "author__id", None, "author__email", "author__type"),
    Named("ticket_parts", "author__id", None, "author__email", "author__type"),
    Named("data_events", "contact_id", "user_id", "email"),
    Named("message_receipts", "user_id", "user_external_id", "email"),
)
VISITOR = Named(TABLE_OF_VISITORS, "id", "user_id", "email")


@dataclass
class Person:
    """One person: the id asked for, and what else is known of them. Nothing of it is ever printed or written."""

    contact_id: str
    ids: set[str] = field(default_factory=set)  # of contacts that were merged into it, too
    external_ids: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def candidates(raw: RawTables, given: str, hashed: Conceal | None) -> list[str]:
    """Return the ids of contacts (else of visitors) that `given` names; `hashed` is how configured hashes are made."""
    names = {given.strip(), *(() if hashed is None else (str(hashed(given)),))}
    contacts = {found for named in NAMED for found in _ids(raw, named, names)}
    merged = {other for found in contacts for other in _with_merged(raw, found) - {found}}
    return sorted(contacts - merged or _ids(raw, VISITOR, names))


def survivor(raw: RawTables, contact_id: str) -> str | None:
    """Return the contact that another one was merged into, None where it was not."""
    if not raw.has(DELETED_RECORDS.name, "merged_into_id"):
        return None
    gone = f"entity = 'contacts' AND id = {literal(contact_id)} AND merged_into_id IS NOT NULL"
    rows = raw.rows(f"SELECT merged_into_id FROM {DELETED_RECORDS.name} WHERE {gone}")  # noqa: S608 - our own names
    return str(rows[0][0]) if rows else None


def person(raw: RawTables, contact_id: str) -> Person:
    """Return what the raw tables tell of a contact, so that it can be looked for."""
    found = Person(contact_id, _with_merged(raw, contact_id))
    for named in (*NAMED, VISITOR):
        if raw.has(named.table, named.contact_id):
            identifier, external_id, email = named.columns(raw)
            wanted = f"{identifier} IN ({_list(found.ids)}){_of_contact(named)}"
            _learn(raw, named.table, wanted, (external_id, found.external_ids), (email, found.emails))
    own = f"id IN ({_list(found.ids)})"
    for table in ("contacts", TABLE_OF_VISITORS):
        kinds = (("phone", found.phones), ("formatted_phone", found.phones), ("name", found.names))
        has = raw.columns(table)
        _learn(raw, table, own, *((column if column in has else None, kept) for column, kept in kinds))
    return found


def records_of(raw: RawTables, found: Person) -> Iterator[tuple[str, str]]:
    """Yield (entity, id) of everything to forget: the contacts themselves, and each record that they take part in."""
    ids = _list(found.ids)
    for contact_id in sorted(found.ids):
        yield "contacts", contact_id
    for entity, link in PARTICIPATIONS.items():
        places = ((link.table, link.record, LINKED_CONTACT), *link.named_in)
        queries = [
            f"SELECT {record} FROM {table} WHERE {contact} IN ({ids})"  # noqa: S608 - our own names
            for table, record, contact in places
            if raw.has(table, record, contact)
        ]
        for (record_id,) in raw.rows(" UNION ".join(queries)) if queries else ():
            yield entity, record_id
    for visitor_id in _visitors(raw, found):
        yield TABLE_OF_VISITORS, visitor_id
    for log_id in _logs(raw, found):
        yield ACTIVITY_LOGS, log_id


def _ids(raw: RawTables, named: Named, names: set[str]) -> list[str]:
    if not raw.has(named.table, named.contact_id):
        return []
    identifier, external_id, email = named.columns(raw)
    conditions = [f"{column} IN ({_list(names)})" for column in (identifier, external_id) if column]
    if email:
        conditions.append(f"lower(trim({email})) IN ({_list({name.lower() for name in names})})")
    sql = f"SELECT DISTINCT {identifier} FROM {named.table} WHERE ({' OR '.join(conditions)}){_of_contact(named)}"  # noqa: S608 - our own names
    return [row[0] for row in raw.rows(sql) if row[0]]


def _of_contact(named: Named) -> str:
    if named.author_type is None:
        return ""
    return f" AND coalesce({named.author_type}, '') NOT IN ({_list(TEAMMATES)})"


def _with_merged(raw: RawTables, contact_id: str) -> set[str]:
    """Return the contact's id and those of the contacts that were merged into it, however many times."""
    ids: set[str] = set()
    further = {contact_id}
    while further:
        ids |= further
        gone = f"entity = 'contacts' AND merged_into_id IN ({_list(ids)})"
        sql = f"SELECT id FROM {DELETED_RECORDS.name} WHERE {gone}"  # noqa: S608 - our own names
        has_merged = raw.has(DELETED_RECORDS.name, "merged_into_id")
        further = {row[0] for row in raw.rows(sql)} - ids if has_merged else set()
    return ids


def _learn(raw: RawTables, table: str, wanted: str, *kinds: tuple[str | None, set[str]]) -> None:
    for column, kept in kinds:
        if column is not None:
            sql = f"SELECT DISTINCT {quoted(column)} FROM {table} WHERE {wanted}"  # noqa: S608 - our own names
            kept.update(row[0] for row in raw.rows(sql) if row[0])


def _visitors(raw: RawTables, found: Person) -> list[str]:
    if not raw.has(TABLE_OF_VISITORS):
        return []
    _, external_id, email = VISITOR.columns(raw)
    conditions = [f"id IN ({_list(found.ids)})"]
    if external_id and found.external_ids:
        conditions.append(f"{external_id} IN ({_list(found.external_ids)})")
    if email and found.emails:
        conditions.append(f"lower({email}) IN ({_list({each.lower() for each in found.emails})})")
    return [row[0] for row in raw.rows(f"SELECT id FROM {TABLE_OF_VISITORS} WHERE {' OR '.join(conditions)}")]  # noqa: S608 - our own names


def _logs(raw: RawTables, found: Person) -> list[str]:
    """Return the logs of teammates' activities that name the person; a first name alone names many."""
    full_names = {name for name in found.names if " " in name.strip()} - _names_of_teammates(raw)
    texts = [*found.ids, *found.emails, *found.phones, *full_names, *(f'"{each}"' for each in found.external_ids)]
    columns = [column for column in ("activity_description", "metadata") if raw.has(ACTIVITY_LOGS, column)]
    conditions = [
        f"strpos(lower(CAST({column} AS TEXT)), {literal(text.lower())}) > 0" for column in columns for text in texts
    ]
    if not conditions:
        return []
    return [row[0] for row in raw.rows(f"SELECT id FROM {ACTIVITY_LOGS} WHERE {' OR '.join(conditions)}")]  # noqa: S608 - our own names


def _names_of_teammates(raw: RawTables) -> set[str]:
    """Return names that teammates have or had: a log that names one of them is not about the person."""
    places = [("admins", "name", "TRUE")]
    places += [
        (named.table, named.author_type.replace("type", "name"), f"{named.author_type} IN ({_list(TEAMMATES)})")
        for named in NAMED
        if named.author_type is not None
    ]
    names: set[str] = set()
    for table, column, condition in places:
        if raw.has(table, column):
            _learn(raw, table, condition, (column, names))
    return names


def _list(texts: Iterable[str]) -> str:
    return ", ".join(map(literal, sorted(texts)))
