"""What dlt and DuckDB find out anew at every turn, remembered: it takes a third of every sync of a test.

Each answer is the one that the library would give: it depends on a type alone, on a document of JSON, or on what is
installed. Benchmarks and what tests start as `python …` have the libraries as they are.
"""

import importlib.util
import sys
from copy import deepcopy
from functools import cache

from dlt.common import validation
from dlt.common.configuration import resolve
from dlt.common.configuration.providers import environ
from dlt.common.configuration.specs.base_configuration import BaseConfiguration, is_valid_configspec_field
from dlt.common.schema import utils


def remember():
    """Replace these questions of the libraries for the rest of this process."""
    resolve.is_secret_hint = environ.is_secret_hint = cache(resolve.is_secret_hint)
    resolve.extract_inner_hint = cache(resolve.extract_inner_hint)
    validation.get_type_hints = _quick_type_hints(validation.get_type_hints)
    BaseConfiguration.__len__ = lambda self: _count_fields(type(self))
    utils.deepcopy = copied
    # Asked for at every parameter of a statement of DuckDB; what is not there is looked for in all folders.
    if importlib.util.find_spec("pandas") is None:
        sys.modules["pandas"] = None


def _quick_type_hints(get_type_hints):
    found = cache(lambda described: get_type_hints(described, globalns=vars(sys.modules[described.__module__])))
    return lambda described, globalns: found(described)


@cache
def _count_fields(configuration):
    return sum(map(is_valid_configspec_field, configuration.__dataclass_fields__.values()))


def copied(value):
    """Return a deep copy of what is mostly JSON, as schemas are."""
    kind = type(value)
    if kind is dict:
        return {key: copied(one) for key, one in value.items()}
    if kind is list:
        return [copied(one) for one in value]
    return value if kind in {str, int, bool, float, type(None)} else deepcopy(value)
