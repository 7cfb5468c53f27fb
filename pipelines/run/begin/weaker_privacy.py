"""Whether the privacy rules of a run are as strict as those that the target was loaded with."""

import dlt

from pipelines.destination.target import Target
from pipelines.exit_code import ExitCode
from pipelines.settings_folder import settings_folder
from pipelines.stop import Stop
from sources.intercom import TABLES, state_of
from sources.intercom.privacy.kept_rules import STATE, weaker
from sources.intercom.privacy.rules import Privacy

MOST_NAMED = 3


def refuse_weaker_privacy(pipeline: dlt.Pipeline, target: Target, privacy: Privacy) -> None:
    """Refuse weaker privacy: raise Stop if values would be loaded that earlier runs' rules have kept out.

    Most often a run was started in another folder, where it found no configuration.
    """
    before = state_of(pipeline).get(STATE, {})
    lost = weaker(before, privacy, TABLES)
    if not lost:
        return
    named = ", ".join(lost[:MOST_NAMED]) + (f" and {len(lost) - MOST_NAMED:,} more" if len(lost) > MOST_NAMED else "")
    raise Stop(
        f"{target} was loaded with stricter privacy rules than this run has: {named}. The rules of this run come from "
        f"{settings_folder()} and the environment: restore the missing rules there, or load without them with "
        "--accept-weaker-privacy.",
        ExitCode.WRONG_USE,
    )
