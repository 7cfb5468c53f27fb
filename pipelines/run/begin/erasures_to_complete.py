"""Erasures that a run finds incomplete: killed ones, and those of contacts merged into a forgotten one since."""

from collections.abc import Iterator

from pipelines.destination.tables.forgotten_records import TABLE, unfinished_in
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import Target
from sources.intercom.privacy.personal_columns import CONTACTS
from sources.intercom.rows.deleted_records import DELETED_RECORDS

MOST_NAMED = 3


def erasures_to_complete(raw: RawTables, target: Target) -> Iterator[str]:
    """Yield a line for each kind of incomplete erasures, with the commands that complete them: nobody else says it."""
    if begun := unfinished_in(raw):
        what = "An erasure was begun and is not complete: tables, models or file may still name who is forgotten"
        yield f"{what}. Complete it with: {_commands(begun, target)}"
    if merged := _merged_since(raw):
        what = "Contacts that were merged into forgotten people since are still loaded"
        yield f"{what}. Erase them, too, with: {_commands(merged, target)}"


def _merged_since(raw: RawTables) -> list[str]:
    """Return the forgotten people into whom contacts were merged that are not forgotten."""
    if not raw.has(DELETED_RECORDS.name, "merged_into_id"):
        return []
    person_of = dict(raw.select(TABLE, "id", "contact_id", where=f"entity = '{CONTACTS}'"))
    if not person_of:
        return []
    into_another = f"entity = '{CONTACTS}' AND merged_into_id IS NOT NULL"
    marks = raw.select(DELETED_RECORDS.name, "id", "merged_into_id", where=into_another)
    return sorted({person_of[kept] for merged, kept in marks if kept in person_of and merged not in person_of})


def _commands(people: list[str], target: Target) -> str:
    listed = "; ".join(f"intercom-elt forget {contact_id}{target.options}" for contact_id in people[:MOST_NAMED])
    return listed + (f"; and {len(people) - MOST_NAMED:,} more" if len(people) > MOST_NAMED else "")
