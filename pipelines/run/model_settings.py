"""The settings file of the models: office hours, holidays and targets."""

from dataclasses import replace
from pathlib import Path

from pipelines.exit_code import ExitCode
from pipelines.settings_folder import is_there, settings_folder
from pipelines.stop import Stop
from sources.intercom.configuration.settings_documents import settings_documents
from transforms import Settings, SettingsError, read_settings
from transforms.seeds.settings import SCHEDULE_KEYS

FILE = "models.toml"


def model_settings(given: Path | None, models: Path | None) -> Settings | None:
    """Read the models' settings file: the given one, else the default one if it exists, else None.

    `models`: a folder of own models, instead of the one that the file names.
    """
    _refuse_misplaced()
    found = _read(given)
    settings = replace(found or Settings(), models_folder=models) if models else found
    if settings and settings.models_folder and not settings.models_folder.is_dir():
        option = "--models" if models else "`models` in the settings"
        raise Stop(f"There is no folder {settings.models_folder} for own models; correct {option}.", ExitCode.WRONG_USE)
    return settings


def _refuse_misplaced() -> None:
    """Raise Stop for the models' settings in a file of dlt's, where nothing reads them: other hours would apply."""
    for provider, document in settings_documents():
        schedules = document.get("schedules")
        named = schedules.values() if isinstance(schedules, dict) else ()
        are_hours = any(isinstance(each, dict) and each and each.keys() <= SCHEDULE_KEYS for each in named)
        if misplaced := "[schedules]" if are_hours else "[[sla_targets]]" if "sla_targets" in document else None:
            message = f"{misplaced} is not read in {provider.name}; write it in {settings_folder() / FILE}."
            raise Stop(message, ExitCode.WRONG_USE)


def _read(given: Path | None) -> Settings | None:
    file = given or settings_folder() / FILE
    try:
        if given and not is_there(given):
            raise Stop(f"There is no file {given}; correct --settings.", ExitCode.WRONG_USE)
        return read_settings(file) if given or is_there(file) else None
    except SettingsError as error:
        raise Stop(str(error), ExitCode.WRONG_USE) from error
    except OSError as error:
        raise Stop(f"{file} cannot be used: {error.strerror}.", ExitCode.WRONG_USE) from error
