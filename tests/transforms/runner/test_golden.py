"""The SQL of every model in the dialects of warehouses that the tests do not run: a change in it is read by a person.

After a wanted change: `python -m tests.transforms.runner.test_golden`, then review the difference.
"""

from pathlib import Path

import pytest

from transforms.runner.attributes.marts import attribute_models
from transforms.runner.attributes.names import Attribute
from transforms.runner.dialect import transpiled
from transforms.runner.model import CHANGES, FIVETRAN, names, read_models

GOLDEN = Path(__file__).parent / "golden"
ATTRIBUTES = [Attribute(f"A {kind}", (kind,)) for kind in ("string", "integer", "float", "boolean", "date")]
DIALECTS = ("snowflake", "bigquery", "databricks", "redshift")


def text_of(dialect):
    """All models in one dialect, one after the other; checks use no construct of their own and are left out."""
    models = [model for model in read_models(FIVETRAN, CHANGES) if not model.is_check]
    models += attribute_models({"contact": ATTRIBUTES}, names(models))
    models.sort(key=lambda model: model.name)
    return "\n\n".join(f"-- {model.name}\n{transpiled(model.query, dialect, pretty=True)};" for model in models) + "\n"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_sql_of_other_warehouses_is_the_reviewed_one(dialect):
    assert text_of(dialect) == (GOLDEN / f"{dialect}.sql").read_text(encoding="utf-8")


if __name__ == "__main__":
    for name in DIALECTS:
        (GOLDEN / f"{name}.sql").write_text(text_of(name), encoding="utf-8")
