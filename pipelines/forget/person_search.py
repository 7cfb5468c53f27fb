"""Finding a person by id, own id or e-mail address, and everything in the raw tables that names them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipelines.destination.tables.forgotten_records import unfinished_in
from pipelines.destination.tables.lost_forgotten import lost_people
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.forget.authors import is_customer, is_teammate
from pipelines.forget.folding import folded, may_hold
from pipelines.forget.hashed_in_text import HashedInText
from pipelines.forget.person_in_text import PersonInText, is_full
from pipelines.stop import Stop
from sources.intercom import TABLES
from sources.intercom.privacy.concealment import REDACTED, Conceal, is_hashed
from sources.intercom.privacy.personal_columns import (
    ACTIVITY_LOGS,
    CONTACTS,
    FORGOTTEN,
    PARTICIPANTS,
    RECEIPT_ID,
    RECEIPTS,
    RECORDS,
    VISITORS,
    IdentityColumns,
    identities,
)
from sources.intercom.rows.deleted_records import DELETED_RECORDS
from transforms.runner.warehouse.quoting import identifier, string_literal

OF_NOBODY = {REDACTED, FORGOTTEN}  # placeholders, which say nothing about whose value it was

ALL = tuple(identity for table in TABLES.values() for identity in identities(table))
# Where a person can be found by more than Intercom's id.
OF_CONTACTS = tuple(one for one in ALL if (one.user_ids or one.emails) and one.table != VISITORS)
OF_VISITORS = tuple(one for one in ALL if one.table == VISITORS)


@dataclass
class Person:
    """One person to search for: the id asked for, and what is known. Only Intercom's ids are ever shown or written."""

    contact_id: str
    ids: set[str] = field(default_factory=set)  # of contacts that were merged into it, too
    user_ids: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def the_one(raw: RawTables, target: Target, given: str, hashed: Conceal | None) -> str:
    """Return the id of the one contact (else visitor) that `given` names; raises Stop if it names none, or several."""
    found = candidates(raw, given, hashed)
    if len(found) == 1:
        if kept := survivor(raw, found[0]):
            message = f"Contact {found[0]} was merged into {kept}, which holds the person now; nothing was erased. "
            raise Stop(
                f"{message}Both are erased by:\n  intercom-elt forget {kept}{target.options}", ExitCode.WRONG_USE
            )
        return found[0]
    if found:
        listed = "\n".join(f"  intercom-elt forget {contact_id}{target.options}" for contact_id in found)
        raise Stop(f"{len(found)} contacts of {target} match; name one by its id:\n{listed}", ExitCode.WRONG_USE)
    unfinished = unfinished_in(raw)
    if given.strip() in {*unfinished, *lost_people(raw)}:
        return given.strip()  # the row itself may be gone already
    message = f"{target} holds no contact with that id, external id or e-mail address; nothing was erased."
    if unfinished:
        # No table knows any more whose address it was: perhaps one of these people's.
        listed = "\n".join(f"  intercom-elt forget {contact_id}{target.options}" for contact_id in unfinished)
        message += f" An erasure that was begun is not complete; complete it with:\n{listed}"
    raise Stop(message, ExitCode.WRONG_USE)


def candidates(raw: RawTables, given: str, hashed: Conceal | None) -> list[str]:
    """Search for the contacts (else visitors) that `given` names; `hashed` is how configured hashes are made."""
    names = {given.strip(), *(() if hashed is None else (str(hashed(given)),))}
    contacts = {found for identity in OF_CONTACTS for found in _ids(raw, identity, names)}
    merged = {other for found in contacts for other in _with_merged(raw, found) - {found}}
    visitors = {found for identity in OF_VISITORS for found in _ids(raw, identity, names)}
    return sorted(contacts - merged or visitors)


def survivor(raw: RawTables, contact_id: str) -> str | None:
    """Search for the contact into which a person's was merged; None if there is none."""
    if not raw.has(DELETED_RECORDS.name, "merged_into_id"):
        return None
    gone = f"entity = 'contacts' AND id = {string_literal(contact_id)} AND merged_into_id IS NOT NULL"
    rows = raw.query(f"SELECT merged_into_id FROM {DELETED_RECORDS.name} WHERE {gone}")  # noqa: S608 - our own names
    return str(rows[0][0]) if rows else None


def person(raw: RawTables, contact_id: str) -> Person:
    """Return what the raw tables know of a contact, to search for it."""
    found = Person(contact_id, _with_merged(raw, contact_id))
    for identity in (*OF_CONTACTS, *OF_VISITORS):
        if raw.has(identity.table, identity.contact_id):
            wanted = f"{identity.contact_id} IN ({_list(found.ids)}){_of_customer(raw, identity)}"
            _learn(raw, identity.table, wanted, identity.user_ids, found.user_ids)
            _learn(raw, identity.table, wanted, identity.emails, found.emails)
            _learn(raw, identity.table, wanted, identity.phones, found.phones)
            _learn(raw, identity.table, wanted, identity.names, found.names)
    return found


def records_of(raw: RawTables, found: Person, hashed: Conceal | None = None) -> Iterator[tuple[str, str]]:
    """Yield (entity, id) of a person's records: the contacts themselves, and each record that they take part in.

    `hashed` is how configured hashes are made: what is known by its hash alone may stand plainly in a log.
    """
    ids = _list(found.ids)
    for contact_id in sorted(found.ids):
        yield CONTACTS, contact_id
    for entity in dict.fromkeys(entity for entity, _ in PARTICIPANTS.values()):
        queries = [
            f"SELECT {record_id} FROM {identity.table} WHERE {identity.contact_id} IN ({ids})"  # noqa: S608 - our own names
            for identity in ALL
            for of_entity, record_id in [(RECORDS | PARTICIPANTS).get(identity.table, ("", ""))]
            if of_entity == entity and raw.has(identity.table, record_id, identity.contact_id)
        ]
        for (record_id,) in raw.query(" UNION ".join(queries)) if queries else ():
            yield entity, record_id
    for visitor_id in sorted(_visitors(raw, found, hashed)):
        yield VISITORS, visitor_id
    for log_id in _logs(raw, found, hashed):
        yield ACTIVITY_LOGS, log_id
    for receipt_id in _receipts(raw, found):
        yield RECEIPTS, receipt_id


def _ids(raw: RawTables, identity: IdentityColumns, names: set[str]) -> set[str]:
    """Search for the ids of persons with one of these names as id, own id or e-mail address."""
    if not raw.has(identity.table, identity.contact_id):
        return set()
    columns = [name for name in (identity.contact_id, *identity.user_ids) if raw.has(identity.table, name)]
    wanted = " OR ".join(f"{column} IN ({_list(names)})" for column in columns)
    of_customer = _of_customer(raw, identity)
    sql = f"SELECT DISTINCT {identity.contact_id} FROM {identity.table} WHERE ({wanted}){of_customer}"  # noqa: S608 - our own names
    return {row[0] for row in raw.query(sql) if row[0]} | _of_emails(raw, identity, names, of_customer)


def _of_emails(raw: RawTables, identity: IdentityColumns, emails: set[str], condition: str = "") -> set[str]:
    """Search for the ids of persons with one of these e-mail addresses."""
    known = {_address(email) for email in emails} - {""}
    found = set()
    for column in identity.emails if known else ():
        if raw.has(identity.table, column):
            wanted = f"({' OR '.join(may_hold(column, email) for email in sorted(known))}){condition}"
            sql = f"SELECT DISTINCT {identity.contact_id}, {column} FROM {identity.table} WHERE {wanted}"  # noqa: S608 - our own names
            found |= {contact_id for contact_id, email in raw.query(sql) if email and _address(email) in known}
    return found - {None}


def _address(email: str) -> str:
    return email.strip().lower()  # and no more alike, because addresses of two people may be


def _of_customer(raw: RawTables, identity: IdentityColumns) -> str:
    if identity.author_type is None or not raw.has(identity.table, identity.author_type):
        return ""
    return f" AND {is_customer(identity.author_type)}"


def _with_merged(raw: RawTables, contact_id: str) -> set[str]:
    """Return a person's contact and those that were merged into it, however many times."""
    ids: set[str] = set()
    further = {contact_id}
    while further:
        ids |= further
        gone = f"entity = 'contacts' AND merged_into_id IN ({_list(ids)})"
        sql = f"SELECT id FROM {DELETED_RECORDS.name} WHERE {gone}"  # noqa: S608 - our own names
        has_merged = raw.has(DELETED_RECORDS.name, "merged_into_id")
        further = {row[0] for row in raw.query(sql)} - ids if has_merged else set()
    return ids


def _learn(raw: RawTables, table: str, wanted: str, columns: Iterable[str], kept: set[str]) -> None:
    for column in columns:
        if raw.has(table, column):
            sql = f"SELECT DISTINCT {identifier(column)} FROM {table} WHERE {wanted}"  # noqa: S608 - our own names
            kept.update(row[0] for row in raw.query(sql) if row[0] and row[0] not in OF_NOBODY)


def _visitors(raw: RawTables, found: Person, hashed: Conceal | None) -> set[str]:
    """Search for visitors known by the same id or address, also where a rule hashes it in one of the tables alone."""
    ids: set[str] = set()
    user_ids, emails = _with_hashes(found.user_ids, hashed), _with_hashes(found.emails, hashed)
    hashes = set(filter(is_hashed, found.user_ids | found.emails))
    for identity in OF_VISITORS:
        if not raw.has(identity.table, identity.contact_id):
            continue
        known = [column for column in identity.user_ids if user_ids and raw.has(identity.table, column)]
        conditions = [f"{identity.contact_id} IN ({_list(found.ids)})"]
        conditions += [f"{column} IN ({_list(user_ids)})" for column in known]
        sql = f"SELECT {identity.contact_id} FROM {identity.table} WHERE {' OR '.join(conditions)}"  # noqa: S608 - our own names
        ids |= {row[0] for row in raw.query(sql)} | _of_emails(raw, identity, emails)
        for column in (*identity.user_ids, *identity.emails):
            if hashes and hashed is not None and raw.has(identity.table, column):
                rows = raw.select(identity.table, identity.contact_id, column, where=f"{column} IS NOT NULL")
                ids |= {visitor_id for visitor_id, plain in rows if hashed(plain) in hashes}
    return ids


def _with_hashes(texts: set[str], hashed: Conceal | None) -> set[str]:
    return texts if hashed is None else texts | {str(hashed(text)) for text in texts}


def _receipts(raw: RawTables, found: Person) -> list[str]:
    """Search for the receipts of messages to the person: a reaction that comes later names nothing else."""
    (contact_id,) = TABLES[RECEIPTS].columns_that_say("contact_id")
    if not raw.has(RECEIPTS, RECEIPT_ID, contact_id):
        return []
    wanted = f"{contact_id} IN ({_list(found.ids)}) AND {RECEIPT_ID} IS NOT NULL"
    rows = raw.query(f"SELECT DISTINCT {RECEIPT_ID} FROM {RECEIPTS} WHERE {wanted}")  # noqa: S608 - our own names
    return sorted(receipt_id for (receipt_id,) in rows)


def _logs(raw: RawTables, found: Person, hashed: Conceal | None) -> list[str]:
    """Search for the logs of teammates' activities that name the person; a first name alone names many."""
    teammates = _with_hashes(_names_of_teammates(raw), hashed)
    alike = set(map(folded, teammates))
    # A rule may hash the names of customers alone, or of teammates alone.
    names = {name for name in found.names if not _with_hashes({name}, hashed) & teammates}
    full_names = {name for name in names if is_full(name) and folded(name) not in alike}
    longer_names = _longer_names(raw, found, full_names, teammates)
    words = found.ids | _with_hashes(found.emails | full_names, hashed)
    person_in_text = PersonInText(words, found.phones, _with_hashes(found.user_ids, hashed), longer_names)
    hashed_in_text = HashedInText(found.emails | found.phones | found.user_ids, names, hashed)
    columns = [name for name in ("activity_description", "metadata") if raw.has(ACTIVITY_LOGS, name)]
    # The database preselects, because reading all logs takes long; it could not make hashes.
    conditions = [may_hold(column, text) for column in columns for text in person_in_text.texts]
    if columns and hashed_in_text:
        conditions = ["TRUE"]
    if not conditions:
        return []
    texts = ", ".join(f"CAST({column} AS TEXT)" for column in columns)
    rows = raw.rows_of(f"SELECT id, {texts} FROM {ACTIVITY_LOGS} WHERE {' OR '.join(conditions)}")  # noqa: S608 - our own names
    are_named = (person_in_text.is_named_in, hashed_in_text.is_named_in)
    return [log_id for log_id, *said in rows if any(is_named(text) for is_named in are_named for text in said)]


def _longer_names(raw: RawTables, found: Person, full_names: set[str], teammates: set[str]) -> set[str]:
    """Return others' names, of customers too, that hold one of the person's: a log with one is not about the person."""
    names = set(teammates)
    for identity in ALL if full_names else ():
        for column in identity.names:
            if raw.has(identity.table, identity.contact_id, column):
                holds = " OR ".join(may_hold(column, folded(name)) for name in sorted(full_names))
                others = f"{identity.contact_id} NOT IN ({_list(found.ids)}) AND ({holds})"
                _learn(raw, identity.table, others, [column], names)
    own, holds_one = set(map(folded, full_names)), PersonInText(full_names).is_named_in
    return {name for name in names if holds_one(name) and folded(name) not in own}


def _names_of_teammates(raw: RawTables) -> set[str]:
    """Return names of teammates, past ones too: a log that names one of them is not about the person."""
    names: set[str] = set()
    _learn(raw, "admins", "TRUE", ["name"], names)
    for identity in ALL:
        if identity.author_type is not None and raw.has(identity.table, identity.author_type):
            _learn(raw, identity.table, is_teammate(identity.author_type), identity.names, names)
    return names


def _list(texts: Iterable[str]) -> str:
    return ", ".join(map(string_literal, sorted(texts)))
