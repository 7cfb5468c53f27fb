"""The folder of `config.toml`, `secrets.toml` and `models.toml`: `.dlt` here, or another one that was named.

What it leaves open dlt takes from the user's own folder, for all projects: `~/.dlt`, of root `/var/dlt`.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dlt
from dlt.common import logger
from dlt.common.configuration import plugins, resolve_configuration
from dlt.common.configuration.container import Container
from dlt.common.configuration.exceptions import ConfigValueCannotBeCoercedException
from dlt.common.configuration.providers.toml import TomlProviderReadException
from dlt.common.configuration.specs import RuntimeConfiguration
from dlt.common.configuration.specs.pluggable_run_context import PluggableRunContext
from dlt.common.runtime.exec_info import dlt_version_info
from dlt.common.runtime.run_context import RunContext

from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from sources.intercom.configuration.setting_kinds import kind

TELEMETRY = "runtime.dlthub_telemetry"
FILES_OF_DLT = ("config.toml", "secrets.toml")


class _Context(RunContext):
    """dlt's run context with its settings folder, without dlt's HTTP-based runtime: a tenth of all modules."""

    def initialize_runtime(self, runtime_config: RuntimeConfiguration | None = None) -> None:
        """Start dlt's log by the folder's settings; the rest too if the user has dlt report something to others."""
        settings = runtime_config or resolve_configuration(RuntimeConfiguration())
        if settings.sentry_dsn or settings.dlthub_dsn or dlt.config.get(TELEMETRY, bool):
            super().initialize_runtime(settings)
            return
        self._runtime_config = settings
        component = settings.pipeline_name or ""
        version = dlt_version_info(component)
        logger.LOGGER = logger._create_logger(self.name, settings.log_level, settings.log_format, component, version)


class _OfFolder(_Context):
    """A run context with another settings folder; everything else is dlt's default, above all its working folders."""

    def __init__(self, folder: Path) -> None:
        super().__init__(None)
        self._folder = folder

    @property
    def settings_dir(self) -> str:
        """The other settings folder."""
        return str(self._folder)


def settings_folder() -> Path:
    """Return the settings folder that is read."""
    return Path(dlt.current.run_context().settings_dir)


def is_there(file: Path) -> bool:
    """Return True if the file exists, be it as a link that leads nowhere; raises OSError where nobody can tell.

    A folder that may not be looked into has settings, for all we know.
    """
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def refuse_unread_settings() -> None:
    """Raise Stop if dlt takes files of settings for missing that are there: privacy rules may be in them."""
    files = [settings_folder() / name for name in FILES_OF_DLT]
    # A home that may not be looked into is no sign of settings: systemd hides those of all users from a service.
    files += [_folder_of_user() / name for name in FILES_OF_DLT if _is_seen(_folder_of_user() / name)]
    for file in files:
        try:
            if is_there(file):
                file.open("rb").close()
        except OSError as error:
            raise Stop(f"{file} cannot be used: {error.strerror}.", ExitCode.WRONG_USE) from error


def _folder_of_user() -> Path:
    return Path(dlt.current.run_context().global_dir)


def _is_seen(file: Path) -> bool:
    try:
        return is_there(file)
    except OSError:
        return False


def use_settings(folder: Path | None, *, may_be_missing: bool = False) -> None:
    """Read this settings folder from now on; None: `.dlt` here.

    Raises Stop if it does not exist: otherwise a misspelled folder would silently switch off its privacy rules.
    """
    if folder is None:
        # Whoever needs a broken file reports it; `doctor` goes on without it. Of a folder that was named, it would go
        # on with the settings of `.dlt` here.
        with suppress(TomlProviderReadException):
            with _started():
                context = _context(_Context(None))
            if isinstance(context.context, _OfFolder):
                context.reload(".")
        return
    if not folder.is_dir() and not may_be_missing:
        raise Stop(f"--config {folder}: there is no such folder.", ExitCode.WRONG_USE)
    of_folder = _OfFolder(folder.resolve())
    with _started():
        context = _context(of_folder)
        if context.context is not of_folder:
            context.reload(of_folder)


def _context(first: _Context) -> PluggableRunContext:
    """Return dlt's context; before dlt has one, that is `first`, unless a plugin of dlt provides another."""
    container = Container()
    if PluggableRunContext not in container:
        usual = plugins.manager().hook.plug_run_context(run_dir=None, runtime_kwargs=None)
        if type(usual) is RunContext:
            container[PluggableRunContext] = context = PluggableRunContext(first)
            context.add_extras()
    return container[PluggableRunContext]


@contextmanager
def _started() -> Iterator[None]:
    """Run the block that starts dlt on the settings folder; raises Stop if its logging settings are invalid."""
    try:
        yield
    except TomlProviderReadException:
        raise
    except ConfigValueCannotBeCoercedException as error:
        message = f"{written('runtime', error.field_name)} must be {kind(error.hint)}."
        raise Stop(message, ExitCode.WRONG_USE) from error
    except TypeError as error:  # `runtime = 1`
        raise Stop(f"[runtime] is a value and not a section ({error}).", ExitCode.WRONG_USE) from error
    except ValueError as error:
        names = "log_level or log_format under [runtime] (RUNTIME__LOG_LEVEL, RUNTIME__LOG_FORMAT in the environment)"
        raise Stop(f"dlt's log cannot be written: {error}. Correct {names}.", ExitCode.WRONG_USE) from error


def written(section: str, setting: str) -> str:
    """Return how a person writes a setting: in a file of the settings folder, and in the environment."""
    variable = "__".join([*filter(None, section.split(".")), setting]).upper()
    return f"{setting} under [{section}] ({variable} in the environment)" if section else f"{setting} ({variable})"


def reload_settings() -> None:
    """Read the files of the settings folder again, after they were written to."""
    Container()[PluggableRunContext].reload_providers()


def described_settings() -> str:
    """Return the settings folder, and the user's own one, and which of their files were read, for messages."""
    folder, of_user = settings_folder().resolve(), _folder_of_user().resolve()
    present = [name for name in (*FILES_OF_DLT, "models.toml") if (folder / name).exists()]
    also = [name for name in FILES_OF_DLT if of_user != folder and _is_seen(of_user / name)]
    described = f"{folder} ({', '.join(present) or 'no config.toml, no secrets.toml'})"
    if also:
        described += f", {of_user} ({', '.join(also)})"
    return f"{described} and the environment"
