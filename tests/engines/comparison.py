"""Rows that an engine has found, held against DuckDB's."""

import contextlib
import datetime
import json

from tests.transforms.runner.test_engines import comparable


def differing(workspace, found, models=None):
    """Return of each model with other rows the first pair that differs, or the two numbers of rows.

    `found` is a folder with a Parquet file, or a folder of them, for each model.
    """
    different = {}
    with workspace.connect() as connection:
        for model in workspace.models if models is None else models:
            expected = rows_of(connection, f"{workspace.dataset_of(model)}.{model.name}")
            file = found / f"{model.name}.parquet"
            rows = rows_of(connection, f"'{file}/*.parquet'" if file.is_dir() else f"'{file}'")
            if rows != expected:
                pairs = zip(rows, expected, strict=False)
                different[model.name] = next(((a, b) for a, b in pairs if a != b), (len(rows), len(expected)))
    return different


def rows_of(connection, relation):
    found = connection.execute(f"select * from {relation}")
    columns = [column[0].lower() for column in found.description]  # Snowflake's are in capitals
    return sorted(
        ({name: meant(value) for name, value in zip(columns, row, strict=True)} for row in found.fetchall()), key=repr
    )


def meant(value):
    """A moment without a zone is one in UTC; lists and objects of JSON are compared, not how they are written."""
    if isinstance(value, datetime.datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=datetime.UTC)
    if isinstance(value, str) and value.startswith(("[", "{")):
        with contextlib.suppress(ValueError):
            value = json.dumps(json.loads(value), sort_keys=True)
    return comparable(value)
