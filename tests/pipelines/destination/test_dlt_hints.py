"""What dlt is told about its classes is what it would find itself, and it is found once."""

from typing import Annotated, get_type_hints

import pytest
from dlt.common import validation
from dlt.common.configuration import resolve
from dlt.common.configuration.providers import environ, vault
from dlt.common.configuration.specs import BaseConfiguration, CredentialsConfiguration
from dlt.common.configuration.specs.base_configuration import is_secret_hint
from dlt.common.exceptions import DictValidationException
from dlt.common.schema.typing import TColumnSchema, TStoredSchema, TTableSchema
from dlt.common.typing import TSecretStrValue, TSecretValue

from pipelines.destination.dlt_hints import remember_hints


@pytest.fixture(autouse=True)
def _remembering():
    remember_hints()
    remember_hints()


@pytest.mark.parametrize("spec", [TColumnSchema, TTableSchema, TStoredSchema])
def test_the_fields_of_a_dictionary_are_those_that_it_has(spec):
    found = validation.get_type_hints(spec)
    assert found.keys() == get_type_hints(spec).keys()
    assert found is validation.get_type_hints(spec, globalns={})


def test_what_is_not_as_declared_is_refused_as_before():
    validation.validate_dict(TColumnSchema, {"name": "id", "data_type": "text"}, ".")
    for wrong in ({"name": 5}, {"name": "id", "colour": "red"}):
        with pytest.raises(DictValidationException):
            validation.validate_dict(TColumnSchema, wrong, ".")


UNHASHABLE = Annotated[str, []]
HINTS = [str, TSecretStrValue, TSecretValue, CredentialsConfiguration, BaseConfiguration, dict[str, str], UNHASHABLE]


@pytest.mark.parametrize("module", [environ, vault, resolve])
def test_a_setting_is_secret_as_dlt_says(module):
    for _ in range(2):
        assert [module.is_secret_hint(hint) for hint in HINTS] == [is_secret_hint(hint) for hint in HINTS]
    assert module.is_secret_hint(TSecretStrValue)
    assert not module.is_secret_hint(str)
