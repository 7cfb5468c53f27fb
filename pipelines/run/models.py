"""The models on a target: built, checked, and their mistakes explained."""

import dlt

from pipelines.destination.target import Target
from pipelines.run.display import Display
from pipelines.stop import ExitCode, Stop
from transforms import BuildReport, Settings, build
from transforms.runner.model import ModelError


def transform(
    pipeline: dlt.Pipeline,
    target: Target,
    display: Display,
    settings: Settings | None = None,
    select: str | None = None,
    now: float | None = None,
    fivetran: bool = False,
    full: bool = False,
) -> BuildReport:
    """Build and check the models on what is loaded.

    `settings`: office hours and targets; `now` (unix seconds) is where spans end that are still open;
    `fivetran`: also views in the shape of Fivetran's tables; `full`: nothing incrementally. Raises Stop where
    `select` names no model.
    """
    try:
        with display.building() as on_model:
            return build(
                pipeline.sql_client,
                target.destination,
                target.datasets,
                select=select,
                on_model=on_model,
                settings=settings,
                now_epoch=None if now is None else int(now),
                fivetran=fivetran,
                full=full,
            )
    except ModelError as error:
        raise Stop(str(error), ExitCode.WRONG_USE) from error
