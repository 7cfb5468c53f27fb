"""Raw tables that are missing, which a build of models or a dbt export would read."""

import dlt

from pipelines.destination.tables.inspection import lacking_tables
from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from transforms.runner.model_graph.model import CHANGES, ModelError, raw_tables
from transforms.runner.model_graph.selection import selected
from transforms.runner.model_graph.shipped_models import read_models
from transforms.seeds.seed import READ_BY_SEEDS

NAMED_AT_MOST = 5


def check_raw_tables(pipeline: dlt.Pipeline, target: Target, select: str | None) -> None:
    """Raise Stop if a raw table is missing that one of the models to build reads."""
    models = read_models(CHANGES)
    try:
        chosen = selected(models, select)
    except ModelError:  # a model of the user's own, or none at all
        return
    read = sorted({*READ_BY_SEEDS, *raw_tables(model for model in models if model.name in chosen)})
    missing = lacking_tables(pipeline, read)
    if missing == read and select is None:
        raise all_are_missing(target)
    if missing:
        named = ", ".join(missing[:NAMED_AT_MOST]) + (", …" if len(missing) > NAMED_AT_MOST else "")
        made_by = f"intercom-elt sync{target.options}"
        message = f"{target.datasets.raw} has no {named}; {made_by} makes what is missing, and reads it in full."
        raise Stop(message, ExitCode.WRONG_USE)


def all_are_missing(target: Target) -> Stop:
    """Return the error of a target in which no raw table exists yet."""
    return Stop(
        f"{target} holds no raw tables yet; load them with: intercom-elt sync{target.options}", ExitCode.WRONG_USE
    )
