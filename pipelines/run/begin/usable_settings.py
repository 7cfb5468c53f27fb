"""Settings that no run can work with: a run refuses them, and so does what only foretells a run (doctor, a plan)."""

from pipelines.destination.dlt_settings import check_dlt_settings
from pipelines.destination.target import PIPELINE_NAME
from pipelines.run.begin.selection import Selection, check_resources
from pipelines.settings_folder import refuse_unread_settings
from sources.intercom import TABLES
from sources.intercom.configuration import IntercomConfiguration
from sources.intercom.privacy.rules import Privacy


def refuse_unusable(configuration: IntercomConfiguration) -> None:
    """Raise Stop if files of settings were not read, or one names a resource that does not exist or has to be read."""
    refuse_unread_settings()
    Selection().resources(configuration.exclude)
    check_resources(configuration.versions)


def check_settings(configuration: IntercomConfiguration) -> Privacy:
    """Return the privacy rules of the settings; raises Stop or ConfigurationError if no run can work with these."""
    refuse_unusable(configuration)
    check_dlt_settings(PIPELINE_NAME)
    return Privacy.of(configuration.privacy, TABLES)
