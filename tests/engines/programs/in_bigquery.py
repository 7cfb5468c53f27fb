"""Runs in an environment with zetasql, Google's own analyser of BigQuery's dialect: `python in_bigquery.py FOLDER`.

Reads what `in_clickhouse.py` does. Every statement is analysed against the columns and types of what it reads, and
what it gives is there for those that follow; FOLDER/failed.json names each that is refused. No row is computed.
"""

import json
import sys
from pathlib import Path

from zetasql.api import Analyzer, TableBuilder
from zetasql.types import (
    AnalyzerOptions,
    LanguageOptions,
    ProductMode,
    SimpleCatalog,
    TypeKind,
    ZetaSQLBuiltinFunctionOptions,
)

KINDS = {
    "bigint": TypeKind.TYPE_INT64,
    "boolean": TypeKind.TYPE_BOOL,
    "date": TypeKind.TYPE_DATE,
    "double": TypeKind.TYPE_DOUBLE,
    "integer": TypeKind.TYPE_INT64,
    "json": TypeKind.TYPE_JSON,
    "timestamp with time zone": TypeKind.TYPE_TIMESTAMP,
    "varchar": TypeKind.TYPE_STRING,
}


def table(name, columns):
    builder = TableBuilder(name)
    for column, kind in columns:
        builder.add_column(column, kind)
    return builder.build()


def main(folder):
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    language = LanguageOptions.maximum_features()
    language.product_mode = ProductMode.PRODUCT_EXTERNAL  # BigQuery's own
    options = AnalyzerOptions(language_options=language)
    datasets = {name: SimpleCatalog(name=name) for name in plan["datasets"]}
    catalog = SimpleCatalog(
        name="support",
        builtin_function_options=ZetaSQLBuiltinFunctionOptions(language_options=language),
        catalog=list(datasets.values()),
    )
    for file in plan["files"]:
        dataset, name = file["table"].split(".")
        datasets[dataset].table.append(table(name, [(column, KINDS[kind]) for column, kind in file["columns"].items()]))
    failed = {}
    for model in plan["models"]:
        dataset, name = model["table"].split(".")
        try:
            found = Analyzer(options, catalog).analyze_statement(model["sql"])
            columns = [(column.name, column.column.type) for column in found.output_column_list]
            datasets[dataset].table.append(table(name, columns))
        except Exception as error:  # noqa: BLE001 - every model that is refused is to be named
            failed[model["name"]] = str(error)[:600]
    (folder / "failed.json").write_text(json.dumps(failed), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
