"""What a newer version has loaded, which this one leaves as it is: it would not know what it overwrites."""

import dlt
from dlt.common.schema.exceptions import SchemaEngineNoUpgradePathException
from dlt.pipeline.exceptions import PipelineStateEngineNoUpgradePathException, PipelineStepFailed

from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from sources.intercom import states_of
from sources.intercom.incremental.dlt_state import StateTooNew, Versioned, opened

OF_DLT = (SchemaEngineNoUpgradePathException, PipelineStateEngineNoUpgradePathException)


def synchronize(pipeline: dlt.Pipeline, name: str) -> None:
    """Bring state and schema of dlt from the destination; raises Stop if a newer version has written them.

    `name`: the target's, for the message.
    """
    try:
        pipeline.sync_destination()
        for state in states_of(pipeline).values():
            opened(dict(state), Versioned)
    except (PipelineStepFailed, *OF_DLT, StateTooNew) as error:
        cause = error.__cause__ if isinstance(error, PipelineStepFailed) else error
        if not isinstance(cause, (*OF_DLT, StateTooNew)):
            raise
        message = f"{name} was loaded by a newer version, and was left as it is. {StateTooNew.advice}"
        raise Stop(message, ExitCode.WRONG_USE) from error
