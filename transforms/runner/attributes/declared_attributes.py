"""The custom attributes that a workspace has declared, each with its types."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transforms.runner.attributes.value_types import TYPED
from transforms.runner.warehouse.values import Row
from transforms.runner.warehouse.warehouse import Warehouse

DECLARED = """
    select model, name, data_type, coalesce(created_at, 0) as created_at, coalesce(archived, false) as is_archived
    from raw.data_attributes
    where custom and name is not null
"""


@dataclass(frozen=True)
class Attribute:
    """The custom attributes declared under one name for an object: Intercom allows several, archived ones among them.

    `data_types` are those of the live ones, the newest first: string, integer, float, boolean, date, or another. There
    are none if all are archived. `unfit` are types that not all values have.
    """

    name: str
    data_types: tuple[str, ...] = ("string",)
    unfit: frozenset[str] = frozenset()

    @property
    def is_live(self) -> bool:
        """True if the attribute is declared so that objects can get values of it."""
        return bool(self.data_types)

    @property
    def data_type(self) -> str:
        """The declared type of a live attribute that all values have; else the first, and what does not fit is text."""
        by_strictness = sorted(self.data_types, key=lambda data_type: data_type not in TYPED)
        return next((one for one in by_strictness if one not in self.unfit), by_strictness[0])

    @property
    def has_misfits(self) -> bool:
        """True if some values of the attribute have none of its declared types."""
        return self.data_type in self.unfit


Declared = dict[str, list[Attribute]]  # by object: contact, company, conversation


def declared_attributes(warehouse: Warehouse) -> Declared:
    """Return the declared custom attributes of each object in raw, the oldest first.

    In this order a new attribute never takes the column name of an older one.
    """
    by_name: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(warehouse.rows(DECLARED), key=lambda row: (row[0], row[3], row[1], row[2] or "")):
        by_name.setdefault((row[0], row[1]), []).append(row)
    found: Declared = {}
    for (model, name), rows in by_name.items():
        live = tuple(data_type or "string" for _, _, data_type, _, is_archived in reversed(rows) if not is_archived)
        found.setdefault(model, []).append(Attribute(name, live))
    return found


def judged(declared: Mapping[str, Iterable[Attribute]], misfits: Iterable[Row]) -> Declared:
    """Return the declared attributes with the types that do not fit their values, given the rows of `misfits_query`."""
    unfit = {
        (each, name): frozenset(one for one, is_misfit in zip(TYPED, flags, strict=True) if is_misfit)
        for each, name, *flags in misfits
    }
    return {
        each: [dataclasses.replace(one, unfit=unfit.get((each, one.name), frozenset())) for one in attributes]
        for each, attributes in declared.items()
    }
