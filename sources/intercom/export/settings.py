"""The settings of the content data export: which days, how patiently, where its files are."""

from dataclasses import dataclass, field
from pathlib import Path

from ..configuration import IntercomConfiguration
from .csv_files import EXPORT_MEGABYTES, LINE_MEGABYTES
from .file_inspection import MOST_ROWS
from .jobs import KeptJob, Patience
from .kept_rows import Loaded, none_loaded


@dataclass(frozen=True)
class ExportSettings:
    """The export settings of one run.

    `hours`: no new export until the last one is that old, because a job takes long and a workspace has only one.
    `days`: how many days before today are exported again in every run, because a late click does not bring its receipt
    back; a job also covers so many days more, because it counts only the clicks on its own days. `first_days`: how far
    back the first export goes without a start date. `days_per_job`: how many days a job has at most, in addition to
    those `days`. `folder`: where files are downloaded to (None: the system's folder for temporary files). `kept`: the
    job that is going on. `line_megabytes`: how long a line of a CSV may be; `megabytes`: how large all files of a job
    may be, unpacked; `most_rows`: from how many on Intercom leaves the others out. `loaded`: what earlier exports
    have loaded.
    """

    hours: float = 1.0
    days: int = 30
    first_days: int = 90
    days_per_job: int = 31
    patience: Patience = field(default_factory=Patience)
    folder: Path | None = None
    kept: KeptJob = field(default_factory=KeptJob)
    line_megabytes: int = LINE_MEGABYTES
    megabytes: int = EXPORT_MEGABYTES
    most_rows: int = MOST_ROWS
    loaded: Loaded = none_loaded

    @classmethod
    def of(cls, configuration: IntercomConfiguration, folder: Path | None) -> "ExportSettings":
        """Return the export settings of the configuration, with no job going on; `folder` is for the files of a job."""
        return cls(
            hours=configuration.export_hours,
            days=configuration.export_days,
            first_days=configuration.export_first_days,
            days_per_job=configuration.export_days_per_job,
            patience=Patience(configuration.export_poll_seconds, configuration.export_wait_minutes * 60),
            folder=None if folder is None else folder / "downloads",
            line_megabytes=configuration.max_csv_line_megabytes,
            megabytes=configuration.max_export_megabytes,
        )
