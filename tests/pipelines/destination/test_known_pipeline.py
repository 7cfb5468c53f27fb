"""What dlt has written into the destination is taken as it is; what somebody has changed there is validated."""

import json
import shutil

import duckdb
import pytest
from dlt.common.exceptions import DictValidationException
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.destination.target import Target
from tests.support.quick_libraries import dlts_hash
from tests.support.workspace import database_without_rows


@pytest.fixture
def target(tmp_path):
    target = Target(database=tmp_path / "known.duckdb")
    shutil.copy(database_without_rows(), target.database)
    return target


def stored(target):
    with duckdb.connect(str(target.database)) as connection:
        sql = "SELECT schema, version_hash FROM intercom_raw._dlt_version WHERE schema_name = 'intercom'"
        text, version_hash = connection.execute(sql).fetchone()
    return json.loads(text), version_hash


def change(target, schema):
    with duckdb.connect(str(target.database)) as connection:
        connection.execute(
            "UPDATE intercom_raw._dlt_version SET schema = ? WHERE schema_name = 'intercom'", [json.dumps(schema)]
        )


def test_the_schema_is_the_one_that_was_written(target):
    schema, version_hash = stored(target)
    taken = target.pipeline().default_schema
    assert taken.version_hash == version_hash == schema["version_hash"] == dlts_hash(schema)
    assert taken.to_dict()["tables"] == schema["tables"]


def test_a_schema_that_somebody_has_broken_is_refused_as_ever(target):
    schema, _ = stored(target)
    schema["tables"]["tags"]["columns"]["id"]["data_type"] = 7
    change(target, schema)
    with pytest.raises((DictValidationException, PipelineStepFailed)):
        target.pipeline()


def test_a_schema_that_somebody_has_changed_validly_counts(target):
    schema, version_hash = stored(target)
    schema["tables"]["tags"]["description"] = "changed by hand"
    change(target, schema)
    taken = target.pipeline().default_schema
    assert taken.tables["tags"]["description"] == "changed by hand"
    assert taken.version_hash != version_hash
