"""Custom attributes as columns: a mart per object whose columns are the attributes that the workspace has declared.

They are generated because no file can know a workspace's attributes. They are tables, not views: PostgreSQL would not
let the tables that a view reads be swapped.
"""

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

from transforms.runner.attributes.column_names import column_names
from transforms.runner.attributes.declared_attributes import Attribute, Declared, judged
from transforms.runner.attributes.value_types import misfits_query, typed
from transforms.runner.model_graph.graph import inlined
from transforms.runner.model_graph.model import INTERMEDIATE, MARTS, Model, parse_model
from transforms.runner.warehouse.quoting import string_literal
from transforms.runner.warehouse.warehouse import Warehouse

VALUES = "int_custom_attributes"
MOST_COLUMNS = 400  # a row of PostgreSQL has room for about 440 texts; Intercom allows 250 live attributes


@dataclass(frozen=True)
class WideColumn:
    """A column of an attribute mart: the attribute's value as its type or, where that does not fit, as text."""

    column: str
    attribute: Attribute
    shows_misfits: bool = False

    @property
    def meaning(self) -> str:
        """The comment of an attribute mart's column."""
        name, data_type = " ".join(self.attribute.name.split()), self.attribute.data_type
        return f"{name}: values that are not of type {data_type}" if self.shows_misfits else f"{name} ({data_type})"

    def sql(self, text: str) -> str:
        """Return the SQL of an attribute mart's column, given the expression of the value as text."""
        value = typed(text, self.attribute.data_type)
        if self.shows_misfits:
            value = f"case when {value} is null then {text} end"
        return f"{value} as {self.column}"


@dataclass(frozen=True)
class ObjectTable:
    """The attribute mart of one kind of object: which staging model lists the objects, and by which key."""

    object: str
    mart: str
    staging: str
    key: str

    def model(self, attributes: Iterable[Attribute]) -> Model:
        """Return the mart with a typed column per live attribute, and one more for each that has misfits."""
        columns = self.columns(attributes)[:MOST_COLUMNS]
        model = parse_model(MARTS, self.mart, self._sql(columns))
        return dataclasses.replace(model, meanings={one.column: one.meaning for one in columns})

    def columns(self, attributes: Iterable[Attribute]) -> list[WideColumn]:
        """Return the attribute mart's columns of all live attributes; those for misfits come last."""
        named = [each for each in column_names(attributes, taken=self.key) if each[2].is_live]
        return [WideColumn(column, one) for column, _, one in named] + [
            WideColumn(column, one, shows_misfits=True) for _, column, one in named if one.has_misfits
        ]

    def _sql(self, columns: Iterable[WideColumn]) -> str:
        # Names inside are numbers, because an attribute could have the name of a column that the query needs.
        numbers = {one: f"a{number}" for number, one in enumerate(dict.fromkeys(c.attribute.name for c in columns))}
        texts = "".join(
            f",\n        max(case when {VALUES}.attribute = {string_literal(name)} then {VALUES}.value end) as {number}"
            for name, number in numbers.items()
        )
        shown = "".join(f",\n    {one.sql(f'texts.{numbers[one.attribute.name]}')}" for one in columns)
        return (
            f"-- One row per {self.object} that exists in Intercom: its custom attributes, without archived ones.\n"
            f"with\n\ntexts as (\n    select\n        {VALUES}.object_id{texts}\n    from {VALUES}\n"
            f"    where {VALUES}.object = '{self.object}'\n    group by {VALUES}.object_id\n)\n\n"
            f"select\n    {self.staging}.{self.key}{shown}\n"
            f"from {self.staging}\nleft join texts on {self.staging}.{self.key} = texts.object_id\n"
        )


OBJECT_TABLES = (
    ObjectTable("contact", "dim_contact_attributes", "stg_contacts", "contact_id"),
    ObjectTable("company", "dim_company_attributes", "stg_companies", "company_id"),
    ObjectTable("conversation", "dim_conversation_attributes", "stg_conversations", "conversation_id"),
)


def attribute_models(declared: Mapping[str, Iterable[Attribute]], names: Collection[str]) -> Iterator[Model]:
    """Yield the attribute mart of each object whose staging model is among these names."""
    for table in OBJECT_TABLES:
        if table.staging in names:
            yield table.model(declared.get(table.object, ()))


def left_out(declared: Mapping[str, Iterable[Attribute]]) -> Iterator[str]:
    """Yield a sentence about each mart that cannot show all attributes."""
    for table in OBJECT_TABLES:
        columns = table.columns(declared.get(table.object, ()))
        if len(columns) > MOST_COLUMNS:
            yield (
                f"{table.mart} shows the first {MOST_COLUMNS} of {len(columns)} columns; "
                f"archive attributes that nobody needs, or read the others in {VALUES}"
            )


class AttributeMarts:
    """The attribute marts of one build: what is declared, and after `judge` also of which type the values are."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        self._is_judged = False
        self._judging = Lock()

    def judge(self, warehouse: Warehouse, models: Iterable[Model] = ()) -> None:
        """Find out for the marts which attributes have values that are not of their type.

        Given `models`, the values are taken from raw, because none of the models need be built.
        """
        query = parse_model(INTERMEDIATE, "misfits", misfits_query(VALUES)).query
        self.declared = judged(self.declared, warehouse.rows(inlined(query, models)))

    def judge_once(self, warehouse: Warehouse) -> list[str]:
        """Judge the values unless a mart before has; return what a person has to know of that, once."""
        with self._judging:
            if self._is_judged:
                return []
            self.judge(warehouse)
            self._is_judged = True
            return list(left_out(self.declared))

    def current(self, model: Model) -> Model:
        """Return the model, an attribute mart with the columns that its values need."""
        table = next((table for table in OBJECT_TABLES if table.mart == model.name), None)
        return table.model(self.declared.get(table.object, ())) if table else model
