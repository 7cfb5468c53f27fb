"""Custom attributes as columns: a mart per object whose columns are the attributes that the workspace has declared.

They are written here because no file can know a workspace's attributes. They are tables, not views: PostgreSQL would
not let the tables that a view reads be swapped.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from transforms.runner.model import Model, parse_model
from transforms.runner.warehouse import Warehouse

DECLARED = """
    select model, name, max(data_type) as data_type, min(coalesce(created_at, 0)) as created_at
    from raw.data_attributes
    where custom and name is not null and name <> ''
    group by model, name
"""
LONGEST_NAME = 56  # PostgreSQL cuts names after 63 bytes; room is left to number those that are alike

# A value that does not look like its type becomes NULL rather than an error: Intercom does not hold values to it.
TYPED = {
    "integer": "case when regexp_matches({text}, '^-?[0-9]{{1,18}}$') then cast({text} as bigint) end",
    "float": (
        "case when regexp_matches({text}, '^-?[0-9]{{1,30}}([.][0-9]{{1,30}})?([eE][-+]?[0-9]{{1,2}})?$') "
        "then cast({text} as double) end"
    ),
    "boolean": "case lower({text}) when 'true' then true when 'false' then false end",
    # unix seconds; eleven digits and more are milliseconds
    "date": "case when regexp_matches({text}, '^-?[0-9]{{1,10}}$') then to_timestamp(cast({text} as bigint)) end",
}

# Words that one of the warehouses does not take as the bare name of a column.
RESERVED_WORDS = """
    all analyse analyze and any array as asc assert_rows_modified asymmetric at authorization between binary both by
    case cast check collate collation column concurrently connect constraint contains create cross cube current
    current_catalog current_date current_role current_schema current_time current_timestamp current_user default
    deferrable define delete desc describe distinct do drop else end enum escape except exclude exists extract false
    fetch following for foreign freeze from full grant group grouping groups hash having if ignore ilike in
    increment initially inner insert intersect interval into is isnull join lambda lateral leading left like limit
    localtime localtimestamp lookup merge minus natural new no not notnull null nulls of off offset old on only or
    order outer over overlaps partition pivot pivot_longer pivot_wider placing preceding primary proto qualify range
    recursive references regexp respect returning revoke right rlike rollup row rows sample select session_user set
    show similar some start struct summarize symmetric system_user table tablesample then to trailing treat trigger
    true try_cast unbounded union unique unnest unpivot update user using values variadic verbose view when whenever
    where window with within
"""
RESERVED = frozenset(RESERVED_WORDS.split())


@dataclass(frozen=True)
class Attribute:
    """A custom attribute as Intercom declares it; its type is string, integer, float, boolean, date, or another."""

    name: str
    data_type: str


@dataclass(frozen=True)
class ObjectTable:
    """The mart of one kind of object: which staging model lists the objects, and by which key."""

    object: str
    mart: str
    staging: str
    key: str

    def model(self, attributes: Iterable[Attribute]) -> Model:
        """Return the mart with a typed column per attribute."""
        return parse_model("marts", self.mart, self._sql(attributes))

    def _sql(self, attributes: Iterable[Attribute]) -> str:
        named = list(column_names(attributes, taken=self.key))
        texts = "".join(
            f",\n        max(case when attribute = {_literal(each.name)} then value end) as {column}"
            for column, each in named
        )
        columns = [f"{typed(f'texts.{column}', each.data_type)} as {column}" for column, each in named]
        meanings = [f"{' '.join(each.name.split())} ({each.data_type})" for _, each in named]
        ends = [","] * len(named) + [""]
        lines = [f"    {self.staging}.{self.key}{ends[0]}"]
        lines += [
            f"    {column}{end}  -- {said}" for column, end, said in zip(columns, ends[1:], meanings, strict=True)
        ]
        return (
            f"-- One row per {self.object} that exists in Intercom: its custom attributes, archived ones included.\n"
            f"with\n\ntexts as (\n    select\n        object_id{texts}\n    from int_custom_attributes\n"
            f"    where object = '{self.object}'\n    group by object_id\n)\n\n"
            "select\n" + "\n".join(lines) + "\n"
            f"from {self.staging}\nleft join texts on {self.staging}.{self.key} = texts.object_id\n"
        )


OBJECT_TABLES = (
    ObjectTable("contact", "dim_contact_attributes", "stg_contacts", "contact_id"),
    ObjectTable("company", "dim_company_attributes", "stg_companies", "company_id"),
    ObjectTable("conversation", "dim_conversation_attributes", "stg_conversations", "conversation_id"),
)


def declared_attributes(warehouse: Warehouse) -> dict[str, list[Attribute]]:
    """Return the custom attributes of each object (contact, company, conversation) in raw, the oldest first.

    In this order a new attribute never takes the column name of an older one.
    """
    found: dict[str, list[Attribute]] = {}
    for model, name, data_type, _ in sorted(warehouse.rows(DECLARED), key=lambda row: (row[0], row[3], row[1])):
        found.setdefault(model, []).append(Attribute(name, data_type or "string"))
    return found


def attribute_models(declared: dict[str, list[Attribute]], names: Collection[str]) -> Iterator[Model]:
    """Yield the mart of each object whose staging model is among these names."""
    for table in OBJECT_TABLES:
        if table.staging in names:
            yield table.model(declared.get(table.object, ()))


def column_names(attributes: Iterable[Attribute], taken: str) -> Iterator[tuple[str, Attribute]]:
    """Yield each attribute with a column name that every warehouse takes bare, none twice and none like `taken`.

    "Plan Größe" becomes plan_grosse; of two that are alike, such as "plan" and "Plan", the later one becomes plan_2.
    """
    used = {taken}
    for attribute in attributes:
        base = column = _safe(attribute.name)
        number = 1
        while column in used:
            number += 1
            column = f"{base}_{number}"
        used.add(column)
        yield column, attribute


def typed(text: str, data_type: str) -> str:
    """Return the expression that gives the text as its type; NULL where it does not fit."""
    return TYPED.get(data_type, "{text}").format(text=text)


def _safe(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST_NAME].strip("_")
    if not words or words[0].isdigit() or words in RESERVED:
        return f"attribute_{words}".rstrip("_")
    return words


def _literal(text: str) -> str:
    return exp.Literal.string(text).sql(dialect="duckdb")
