"""dlt's settings as this project needs them, whatever folder the command runs in; the user's own settings win."""

from collections.abc import Iterator
from typing import Any

import dlt
from dlt.common.configuration.exceptions import ConfigurationException, ConfigValueCannotBeCoercedException
from dlt.common.configuration.resolve import inject_section, resolve_configuration
from dlt.common.configuration.specs import BaseConfiguration, RuntimeConfiguration
from dlt.common.configuration.specs.base_configuration import is_hint_not_resolvable
from dlt.common.configuration.specs.config_section_context import ConfigSectionContext
from dlt.common.configuration.utils import get_resolved_traces
from dlt.common.data_writers.buffered import BufferedDataWriter
from dlt.common.destination.configuration import ParquetFormatConfiguration
from dlt.common.runtime.telemetry import stop_telemetry
from dlt.common.schema.configuration import SchemaConfiguration
from dlt.extract.pipe_iterator import PipeIterator
from dlt.load.configuration import LoaderConfiguration
from dlt.normalize.configuration import NormalizeConfiguration
from dlt.pipeline.configuration import PipelineConfiguration

from pipelines.exit_code import ExitCode
from pipelines.settings_folder import TELEMETRY, written
from pipelines.stop import Stop
from sources.intercom.configuration.setting_kinds import kind
from sources.intercom.configuration.settings_documents import settings_documents

TRACE = "enable_runtime_trace"  # telemetry is made from it; it keeps two megabytes per load package
SETTINGS = {
    TELEMETRY: False,
    "load.truncate_staging_dataset": True,  # merged rows would otherwise stay twice in the file
    "data_writer.disable_compression": True,  # intermediate files live for seconds; gzip was half of the extraction
}
# What dlt reads in every run, by the section that a person writes.
READ: tuple[tuple[str, type[BaseConfiguration]], ...] = (
    ("runtime", RuntimeConfiguration),
    ("", PipelineConfiguration),
    ("schema", SchemaConfiguration),
    ("extract", PipeIterator.PipeIteratorConfiguration),
    ("data_writer", BufferedDataWriter.BufferedDataWriterConfiguration),
    ("data_writer", ParquetFormatConfiguration),
    ("normalize", NormalizeConfiguration),
    ("load", LoaderConfiguration),
)
# What a run relies on: otherwise it would load elsewhere, under other names, or lose rows and end with 0.
RELIED_ON: dict[str, tuple[Any, ...]] = {
    "dev_mode": (False,),
    "full_refresh": (None, False),
    "refresh": (None,),
    "restore_from_destination": (True,),
    "use_single_dataset": (True,),
    "dataset_name_layout": (None,),
    "import_schema_path": (None,),
    "staging_type": (None,),
    "staging_name": (None,),
    "progress": (None,),
    "schema.naming": (None, "snake_case"),
    "schema.json_normalizer": (None,),
    "load.raise_on_failed_jobs": (True,),
}
MAY_BE_ZERO = frozenset(
    {
        *("request_backoff_factor", "request_max_retry_delay", "http_max_error_body_length"),
        *("raise_on_max_retries", "run_sleep", "futures_poll_interval"),
    }
)


def set_what_is_not_set() -> None:
    """Give dlt every one of the `SETTINGS` that the user has not configured.

    dlt starts its telemetry when its configuration is first read, but sends nothing before a pipeline runs.
    """
    unset = [name for name in SETTINGS if dlt.config.get(name) is None]
    for name in unset:
        dlt.config[name] = SETTINGS[name]
    if not dlt.config.get(TELEMETRY, bool) and dlt.config.get(TRACE) is None:
        dlt.config[TRACE] = False
        get_resolved_traces().logging_enabled = False  # of settings: it is for the trace, at whose end it is emptied
    if TELEMETRY in unset:
        stop_telemetry()
        dlt.current.run_context().runtime_config.dlthub_telemetry = False


def looked_up(destination: Any, pipeline_name: str) -> Any:
    """Return a destination with all of dlt's settings for it as they are now, and one pool of connections.

    dlt looks every setting up again whenever it asks for one of the others, forty times for a load package.
    """
    with inject_section(ConfigSectionContext(pipeline_name=pipeline_name)):
        found = destination.configuration(destination.spec(), accept_partial=True)
    hints = destination.spec.get_resolvable_fields()
    settings = {name: found[name] for name, hint in hints.items() if not is_hint_not_resolvable(hint)}
    given = destination.caps_params | destination.config_params
    return type(destination)(**settings | given | {"credentials": found.credentials})


def check_dlt_settings(pipeline_name: str) -> None:
    """Raise Stop for the first setting of dlt that no run can work with, by the name that a person writes.

    dlt itself reads most settings only when it loads, and accepts some that make it fail later.
    """
    with inject_section(ConfigSectionContext(pipeline_name=pipeline_name)):
        wrong = _no_section() or next((line for section, spec in READ for line in _wrong(section, spec)), None)
    if wrong:
        raise Stop(wrong, ExitCode.WRONG_USE)


def _no_section() -> str | None:
    """Return what is wrong with a file that sets a value in place of a section: dlt fails at it or does not find it."""
    for _, document in settings_documents():
        for name in (*dict.fromkeys(section for section, _ in READ if section), "destination"):
            if name in document and not isinstance(document[name], dict):
                return f"{name} is a value and not a section; write [{name}] on a line of its own."
    return None


def _wrong(section: str, spec: type[BaseConfiguration]) -> Iterator[str]:
    own = getattr(spec, "__section__", None)
    try:
        sections = () if own or not section else (section,)
        resolved = resolve_configuration(spec(), sections=sections, accept_partial=True)
    except ConfigValueCannotBeCoercedException as error:
        is_own = error.field_name in spec()  # and not of a section within this one
        name = written(section, error.field_name) if is_own else f"{error.field_name} under [{section}.…]"
        yield f"{name} must be {kind(error.hint)}."
        return
    except (ConfigurationException, ValueError) as error:
        yield f"The settings of dlt under [{section}] cannot be used: {error}. Correct them."
        return
    for field, value in resolved.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        name = f"{section}.{field}" if section else field
        if name in RELIED_ON and value not in RELIED_ON[name]:
            yield f"{written(section, field)} is {value!r}, which no run can work with: leave it out."
        elif is_number and (value < 0 or (value == 0 and field not in MAY_BE_ZERO)):
            yield f"{written(section, field)} is {value}; it must be more than 0."
