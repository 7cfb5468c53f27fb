"""Shapes the raw tables into models that answer questions: staging views, intermediate tables, marts and checks.

A model is one SELECT in DuckDB's dialect; its path says what it is (`marts/fct_conversations.sql`). `build` orders the
models from their own SQL, writes them in the destination's dialect and runs them through dlt's `sql_client`.
"""

from transforms.dbt.documentation import Described, Exposure
from transforms.dbt.export import export_dbt
from transforms.runner.build import BuildOptions, build
from transforms.runner.build_report import BuildReport, CheckResult, ModelResult
from transforms.runner.emptying import BuiltTables
from transforms.runner.warehouse.datasets import Datasets
from transforms.seeds.settings import Settings, SettingsError, read_settings

__all__ = [
    "BuildOptions",
    "BuildReport",
    "BuiltTables",
    "CheckResult",
    "Datasets",
    "Described",
    "Exposure",
    "ModelResult",
    "Settings",
    "SettingsError",
    "build",
    "export_dbt",
    "read_settings",
]
