"""What dlt and DuckDB find out anew at every turn, remembered: it takes half of every sync of a test.

Each answer is the one that the library would give: it depends on a type or on names alone, on a document of JSON, or on
what is installed. Benchmarks and what tests start as `python …` have the libraries as they are.
"""

import importlib.util
import sys
from copy import deepcopy
from functools import cache, lru_cache

from dlt.common import json, validation
from dlt.common.configuration import container, resolve
from dlt.common.configuration.providers import doc, environ
from dlt.common.configuration.specs import base_configuration
from dlt.common.configuration.specs.base_configuration import BaseConfiguration, is_valid_configspec_field
from dlt.common.schema import schema, utils

# What dlt asks of types, or of names.
PURE = (
    (base_configuration, "is_optional_type", "is_subclass", "is_union_type", "is_hint_not_resolvable"),
    (container, "is_subclass"),
    (doc, "get_key_name"),
    (environ, "get_key_name", "is_secret_hint"),
    (resolve, "extract_inner_hint", "is_base_configuration_inner_hint", "is_context_inner_hint"),
    (resolve, "is_hint_not_resolvable", "is_optional_type", "is_secret_hint", "is_union_type"),
)
NOT_HASHED = {"version", "version_hash", "imported_version_hash", "previous_hashes"}  # of a schema, by dlt
dlts_hash = utils.generate_version_hash


def remember():
    """Replace these questions of the libraries for the rest of this process."""
    for module, *names in PURE:
        for name in names:
            setattr(module, name, cache(getattr(module, name)))
    BaseConfiguration.get_resolvable_fields = classmethod(lambda cls: {**_fields(cls)})
    validation.get_type_hints = _quick_type_hints(validation.get_type_hints)
    BaseConfiguration.__len__ = lambda self: _count_fields(type(self))
    schema.deepcopy = utils.deepcopy = copied
    utils.generate_version_hash = quick_hash
    # Asked for at every parameter of a statement of DuckDB; what is not there is looked for in all folders.
    if importlib.util.find_spec("pandas") is None:
        sys.modules["pandas"] = None


def _quick_type_hints(get_type_hints):
    found = cache(lambda described: get_type_hints(described, globalns=vars(sys.modules[described.__module__])))
    return lambda described, globalns: found(described)


@cache
def _fields(configuration, _find=BaseConfiguration.get_resolvable_fields.__func__):
    return _find(configuration)


@cache
def _count_fields(configuration):
    return sum(map(is_valid_configspec_field, configuration.__dataclass_fields__.values()))


def quick_hash(stored_schema):
    """Return dlt's hash of a schema, for which a quiet sync asks eighty times: a fifth of all that the sync takes."""
    return _hash_of_content(json.dumpb({key: value for key, value in stored_schema.items() if key not in NOT_HASHED}))


@lru_cache(100)
def _hash_of_content(content):
    return dlts_hash(json.loadb(content) | {"version": 1})


def copied(value):
    """Return a deep copy of what is mostly JSON, as schemas are."""
    kind = type(value)
    if kind is dict:
        return {key: copied(one) for key, one in value.items()}
    if kind is list:
        return [copied(one) for one in value]
    return value if kind in {str, int, bool, float, type(None)} else deepcopy(value)
