"""What libraries remember in tests is what they would find out."""

from inspect import getmro

import duckdb
import pytest
from dlt.common.configuration.specs.base_configuration import BaseConfiguration
from dlt.common.schema import Schema
from dlt.common.schema.typing import TStoredSchema
from dlt.common.typing import get_type_hints

from tests.support.quick_libraries import _count_fields, _quick_type_hints, copied


def subclasses(kind):
    return {kind}.union(*map(subclasses, kind.__subclasses__()))


def test_a_copy_is_equal_and_has_nothing_of_its_original():
    stored = Schema("a").to_dict()
    made = copied(stored)
    assert made == stored
    made["tables"]["_dlt_loads"]["columns"]["status"]["nullable"] = "changed"
    assert made != stored == Schema("a").to_dict()
    kept = {1: [{"a": {2}}], None: (3, [4])}
    assert copied(kept) == kept
    assert copied(kept)[1][0]["a"] is not kept[1][0]["a"]


def test_every_configuration_has_as_many_fields_as_it_goes_through():
    found = [kind for kind in subclasses(BaseConfiguration) if BaseConfiguration in getmro(kind)[1:]]
    assert len(found) > 20
    for kind in found:
        assert _count_fields(kind) == len([*BaseConfiguration.__iter__(kind)])


def test_types_of_a_document_are_those_that_are_found_each_time():
    quick = _quick_type_hints(get_type_hints)
    assert quick(TStoredSchema, {}) == get_type_hints(TStoredSchema) == quick(TStoredSchema, globalns={})


@pytest.mark.parametrize("value", [1, 2.5, "a", None, [1, 2], {"a": 1}])
def test_duckdb_takes_every_parameter_without_pandas(value):
    with duckdb.connect() as connection:
        assert connection.execute("select ?", [value]).fetchall() == [(value,)]
