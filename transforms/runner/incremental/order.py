"""What incremental models read of the changes, and so in which order they come: pure rules on models."""

import dataclasses
from collections.abc import Iterable

from transforms.runner.incremental.changed_figures import CHANGED, PEOPLE, with_views
from transforms.runner.model_graph.graph import inlined
from transforms.runner.model_graph.model import Model, ModelError, references

VERSIONS = "conversation_versions"
TOUCHED = "touched_days"
PERIODS = "changed_periods"
PERIOD_TABLES = ("calendar_days", "int_periods")


def after_changes(models: Iterable[Model]) -> list[Model]:
    """Order the models: the incremental tables also read what has changed, and so come after it.

    A table with `select *` is always built in full: what it reads may have got another column. Without the queries that
    find changes, all are. Raises ModelError for a model of periods that takes them from a source whose changes are not
    known.
    """
    models = [
        model if model.is_check or model.names_its_columns else dataclasses.replace(model, key="") for model in models
    ]
    _check_periods(models)
    if all(model.name != CHANGED for model in models):
        return models
    tables = [model for model in models if model.key and not model.is_check and not model.is_view]
    of_conversations = {model.name for model in tables if model.is_of_conversations}
    of_periods = [model for model in tables if model.is_of_periods]
    read_by_periods = {PEOPLE}.union(*(reader.references for reader in with_views(of_periods, models)))
    after = {TOUCHED: read_by_periods & of_conversations} | {
        model.name: {CHANGED if model.name in of_conversations else PERIODS} for model in tables
    }
    return [
        _before_changes(model, tables)
        if model.name == VERSIONS
        else dataclasses.replace(model, references=model.references | after.get(model.name, set()))
        for model in models
    ]


def _check_periods(models: Iterable[Model]) -> None:
    """Raise ModelError if it cannot be known which periods of a model change, as when it makes its own days."""
    of_periods = {model.name: model for model in models if model.is_of_periods and not model.is_check}
    for model in of_periods.values():
        if not model.references & {*PERIOD_TABLES, *of_periods}:
            raise ModelError(
                f"{model.kind}/{model.name}.sql is incremental by {model.key}, and reads neither "
                f"{' nor '.join(PERIOD_TABLES)}: join one of these by it, or leave out the line `-- incremental`"
            )


def _before_changes(model: Model, tables: list[Model]) -> Model:
    query = inlined(model.query, tables)
    return dataclasses.replace(model, query=query, references=references(query))
