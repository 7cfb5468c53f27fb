"""The main flow of forgetting a person: find, confirm, record, erase from raw tables and from what is made of them."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipelines.destination.dlt_settings import check_dlt_settings
from pipelines.destination.duckdb.rewriting import rewrite
from pipelines.destination.failures.failed_build import code_of
from pipelines.destination.failures.failure import DESTINATION_ERRORS, explained
from pipelines.destination.locks.lock import only_run
from pipelines.destination.postgres.rights import check_rights
from pipelines.destination.tables.dropped_tables import make_anew
from pipelines.destination.tables.forgotten_records import (
    KEY,
    TABLE,
    record_completed,
    record_forgotten,
    release,
)
from pipelines.destination.tables.inspection import Inspection
from pipelines.destination.tables.lost_forgotten import drop_person, keep_people
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import PIPELINE_NAME, Target
from pipelines.exit_code import ExitCode
from pipelines.forget.erasure import erase
from pipelines.forget.person_search import Person, person, records_of, the_one
from pipelines.forget.rebuild import copies_of_others, rebuild
from pipelines.journal.display import Display
from pipelines.journal.events import WARNING
from pipelines.stop import Stop, was_interrupted
from sources.intercom import state_of
from sources.intercom.privacy.concealment import hashing
from sources.intercom.privacy.kept_rules import STATE, is_other_key
from sources.intercom.privacy.personal_columns import ACTIVITY_LOGS, CONTACTS, VISITORS
from sources.intercom.rows.table import Row
from transforms import BuildReport, Settings
from transforms.runner.warehouse.quoting import string_literal

NOT_RECORDED = "Everything is erased; only the record of it is not complete"
OTHER_KEY = (
    "{0} was loaded with hashes, and hash_key is {1} here: nobody is found by an address or id hashed there, and "
    "logs of teammates' activities and visitors that only a hash connects with the person stay, for good. First set "
    "hash_key to that of the syncs, under [sources.intercom.privacy] in .dlt/secrets.toml "
    "(or SOURCES__INTERCOM__PRIVACY__HASH_KEY)."
)
MOST_NAMED = 5  # contacts in the question

Confirm = Callable[[str], bool]


@dataclass
class Forgetting:
    """What a `forget` did: erased or stripped rows by table, records by entity, and the models built after it."""

    contact_id: str
    count_rows: Counter[str] = field(default_factory=Counter)
    count_records: Counter[str] = field(default_factory=Counter)
    build: BuildReport | None = None
    copies: list[str] = field(default_factory=list)  # materialized views of others, which still hold the person

    @property
    def code(self) -> ExitCode:
        """The exit code of a `forget`: that of the build after it, as the erasure itself is complete."""
        return ExitCode.DONE if self.build is None else code_of(self.build)


def forget(
    target: Target, given: str, confirm: Confirm, display: Display, settings: Settings | None, hash_key: str
) -> Forgetting:
    """Forget the one person that `given` names (id, own id or e-mail address): erased from `target`, for good.

    The records to erase are recorded first, so that the next run completes a killed one, and later syncs hold them
    back. `hash_key`: by which privacy rules hash, or empty; what only a hash connects with the person is not found by
    another one than that of the syncs. Raises Stop if nobody or several people are named, or `confirm` says no.
    """
    if not given.strip():
        # An empty address would match everybody who has none.
        raise Stop("no contact is named; give an id, external id or e-mail address.", ExitCode.WRONG_USE)
    check_dlt_settings(PIPELINE_NAME)
    with only_run(target) as lock:
        target.check_exists()
        with target.held_open():
            target.make_ready()
            check_rights(target)
            pipeline = target.pipeline()
            for line in make_anew(Inspection.at(pipeline), pipeline, target):
                display.say(WARNING, message=line)
            hashed = hashing(hash_key) if hash_key else None
            if is_other := is_other_key(state_of(pipeline).get(STATE, {}), hash_key):
                display.say(WARNING, message=OTHER_KEY.format(target, "another one" if hash_key else "not set"))
            with RawTables(pipeline).opened() as raw:
                contact_id = the_one(raw, target, given, hashed)
                found = person(raw, contact_id)
                records = list(dict.fromkeys(records_of(raw, found, hashed)))
        forgetting = Forgetting(contact_id, count_records=Counter(entity for entity, _ in records))
        if not confirm(_question(contact_id, records, target, is_whole=not is_other)):
            raise Stop("Nothing was erased.", ExitCode.WRONG_USE)
        lock.confirm()  # the answer may have taken long
        not_done = f"The raw tables are done; models{' and file' if target.is_duckdb else ''} may still name the person"
        with target.held_open():
            raw = RawTables(pipeline)
            record_forgotten(raw, _rows(found, records, raw))
            so_far = _erased_after_an_error(raw)
            with _unfinished(target, contact_id, so_far), RawTables(pipeline).opened() as raw:
                forgetting.count_rows = erase(raw, contact_id)
            with _unfinished(target, contact_id, not_done):
                lock.confirm()
                forgetting.build = rebuild(pipeline, target, display, settings)
        with _unfinished(target, contact_id, not_done):
            if target.is_duckdb and (lost := rewrite(target.database)):
                display.say(WARNING, message=lost)
        raw = RawTables(pipeline)
        with target.held_open(), _unfinished(target, contact_id, NOT_RECORDED):
            keep_people(raw, contact_id)
            forgetting.copies = copies_of_others(pipeline, target)
            record_completed(raw)  # the last of all: the command finds nobody any more whose erasure is complete
    return forgetting


def _erased_after_an_error(raw: RawTables) -> str:
    """Say what is erased after an error in between: nothing where the destination has transactions."""
    return "Nothing was erased" if raw.has_transactions else "Only a part may be erased"


@contextmanager
def _unfinished(target: Target, contact_id: str, what: str) -> Iterator[None]:
    """Add to an error, or to Ctrl-C, that a `forget` is incomplete, and how far it got."""
    try:
        yield
    except (Stop, KeyboardInterrupt, *DESTINATION_ERRORS) as error:
        code, said, then = ExitCode.FAILED, "Stopped", "Complete it with"
        if not was_interrupted(error):
            (code, said), then = explained(error), "When the cause is removed, run"
        message = f"{said}. {what}; later syncs hold the person back already. {then}: "
        raise Stop(f"{message}intercom-elt forget {contact_id}{target.options}", code) from error


def release_person(target: Target, given: str) -> int:
    """Undo a `forget`: let later syncs load a contact again; return how many records are released by that."""
    check_dlt_settings(PIPELINE_NAME)
    with only_run(target):
        target.check_exists()
        target.make_ready()
        raw, contact_id = RawTables(target.pipeline()), given.strip()
        was_kept = drop_person(raw, contact_id)
        count = release(raw, contact_id)
        if count is None and was_kept:
            return 0  # somebody else has deleted the rows
        if count is None:
            raise Stop(_not_released(raw, contact_id, target), ExitCode.WRONG_USE)
    return count


def _not_released(raw: RawTables, contact_id: str, target: Target) -> str:
    forgotten = f"entity = '{CONTACTS}' AND id = {string_literal(contact_id)}"
    people = sorted({person for (person,) in raw.select(TABLE, "contact_id", where=forgotten)})
    if not people:
        return f"No contact {contact_id} was forgotten in {target}; name it by Intercom's id (see forgotten_records)."
    listed = "\n".join(f"  intercom-elt forget {person} --undo{target.options}" for person in people)
    return f"Contact {contact_id} was forgotten with the one that it was merged into; both are released by:\n{listed}"


def _question(contact_id: str, records: list[tuple[str, str]], target: Target, *, is_whole: bool) -> str:
    counted = Counter(entity for entity, _ in records)
    merged = [name for entity, name in records if entity == CONTACTS and name != contact_id]
    with_it = (
        f" and {len(merged):,} merged into it ({', '.join(merged[:MOST_NAMED])}{', …' * (len(merged) > MOST_NAMED)})"
    )
    also = [(VISITORS, "visitors"), (ACTIVITY_LOGS, "logs of teammates' activities")]
    further = "".join(f" and {counted[entity]:,} {named}" for entity, named in also if counted[entity])
    texts = f"the texts of {counted['conversations']:,} conversations and {counted['tickets']:,} tickets{further}"
    left = "" if is_whole else ", but without what only the syncs' hash_key finds"
    erased = f"contact {contact_id}{with_it if merged else ''} from {target}, with {texts}{left}"
    return f"Erase {erased}? This cannot be undone."


def _rows(found: Person, records: list[tuple[str, str]], raw: RawTables) -> list[Row]:
    """Return the rows that `forget` is to record; what was forgotten before keeps its time and count."""
    before = {
        (entity, record_id): (at, count)
        for entity, record_id, contact_id, at, count in raw.select(TABLE, *KEY, "forgotten_at", "count_rows")
        if contact_id == found.contact_id
    }
    rows = []
    for entity, record_id in records:
        at, count = before.get((entity, record_id), (int(time.time()), None))
        known = {"contact_id": found.contact_id, "forgotten_at": at, "count_rows": count}
        rows.append({"entity": entity, "id": record_id, **known})
    return rows
