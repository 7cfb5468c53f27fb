"""The checks of `intercom-elt doctor`: what would prevent a complete load, and how to fix it."""

from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from pipelines.destination.deadline import answer_within
from pipelines.destination.dlt_settings import check_dlt_settings
from pipelines.destination.failures.failure import DESTINATION_ERRORS, explained
from pipelines.destination.locks.lock import is_of_a_run, no_run_disturbed
from pipelines.destination.postgres.pooler import refuse_pooler
from pipelines.destination.postgres.rights import SHORTEST_LIMIT_MILLISECONDS, cut_off, lacking
from pipelines.destination.tables.foreign_tables import refuse_what_is_others
from pipelines.destination.tables.inspection import Inspection
from pipelines.destination.tables.lost_forgotten import check_no_people_lost
from pipelines.destination.tables.raw_tables import RawTables
from pipelines.destination.target import PIPELINE_NAME, Target
from pipelines.destination.working_folder import leave
from pipelines.doctor.disk_room import lacking_room
from pipelines.doctor.probes import PROBES, asked_for, refusal
from pipelines.exit_code import ExitCode
from pipelines.notifications.settings import NotificationSettings
from pipelines.run.begin.identify import connected, identify
from pipelines.run.begin.usable_settings import refuse_unusable
from pipelines.run.begin.weaker_privacy import refuse_weaker_privacy
from pipelines.run.model_settings import model_settings
from pipelines.settings_folder import described_settings
from pipelines.stop import Stop
from sources.intercom import TABLES
from sources.intercom.api.errors import AccessDenied
from sources.intercom.api.http.client import Client
from sources.intercom.configuration import ConfigurationError, IntercomConfiguration
from sources.intercom.privacy.rules import Privacy
from sources.intercom.secrecy.safe_text import masked
from transforms.runner.build_plan import names_by_dataset

ANSWER_SECONDS = 60.0  # some drivers try for minutes, others for ever
CHECKED = dict.fromkeys(("duckdb", "postgres"), "can be written to")
REACHED = "can be reached; what the role may do there shows when it is loaded"
OF_DLT = "settings of dlt"
SETTINGS_OF_RUNS: Mapping[str, Callable[[], object]] = {
    OF_DLT: partial(check_dlt_settings, PIPELINE_NAME),
    "notifications": NotificationSettings.check,
    "settings of models": partial(model_settings, None, None),
}


@dataclass(frozen=True)
class Diagnosis:
    """The result of one of doctor's checks: what was examined, whether it is in order, and the fact or the advice.

    `code`: the exit code of a run that meets this problem.
    """

    subject: str
    is_ok: bool
    fact: str
    code: ExitCode = ExitCode.FAILED


def diagnosed(read: Callable[[], IntercomConfiguration], target: Target) -> Iterator[Diagnosis]:
    """Run doctor's checks; yield their results in the order in which a person would solve them, all of them.

    `read` gives the configuration, or raises what is wrong with it.
    """
    workspace_id = privacy = complaint = None
    try:
        configuration = read()
        configuration.check()
        refuse_unusable(configuration)
    except (ConfigurationError, Stop, *DESTINATION_ERRORS) as error:
        complaint = _complaint(error)
        yield Diagnosis("configuration", is_ok=False, fact=complaint, code=ExitCode.WRONG_USE)
        yield Diagnosis("access token", is_ok=False, fact="not tried, because of the configuration")
    else:
        fact = f"reads {masked(configuration.url)}; settings of {described_settings()}"
        yield Diagnosis("configuration", is_ok=True, fact=fact)
        privacy = yield from _privacy(configuration)
        try:
            with connected(configuration) as client:
                workspace_id = yield from _intercom(client, configuration.exclude)
        except ConfigurationError as error:  # of the environment's proxy or certificates
            yield Diagnosis("access token", is_ok=False, fact=f"not tried: {error}.", code=ExitCode.WRONG_USE)
    # A file that is no TOML is what is wrong with all settings.
    wrong = [each for each in _wrong_settings() if each.fact != complaint]
    yield from wrong
    if all(each.subject != OF_DLT for each in wrong):
        yield from _target(target, workspace_id, privacy)


def _wrong_settings() -> Iterator[Diagnosis]:
    """Yield doctor's results of settings that have nothing to do with Intercom, where a run would refuse them."""
    for subject, read in SETTINGS_OF_RUNS.items():
        try:
            read()
        except (Stop, *DESTINATION_ERRORS) as error:
            yield Diagnosis(subject, is_ok=False, fact=_complaint(error), code=ExitCode.WRONG_USE)


def _complaint(error: Exception) -> str:
    """Return what is wrong with a setting, in our words where we have found it."""
    return str(error) if isinstance(error, ConfigurationError | Stop) else f"{explained(error)[1]}."


def _intercom(client: Client, excluded: Collection[str]) -> Generator[Diagnosis, None, str | None]:
    """Check what Intercom allows: yield the results, return the workspace's id; nothing more without a valid token."""
    workspace_id = None
    try:
        workspace_id = identify(client).id_code
    except Stop as stop:
        yield Diagnosis("access token", is_ok=False, fact=str(stop), code=stop.code)
        if not isinstance(stop.__cause__, AccessDenied):
            yield Diagnosis("permissions", is_ok=False, fact="not tried, because of the access token")
            return None
    else:
        yield Diagnosis("access token", is_ok=True, fact=f"belongs to workspace {workspace_id}")
    yield _rate_limit(client)
    for probe in PROBES:
        resource = asked_for(probe, excluded)
        if resource is None:
            yield Diagnosis(f"read {probe}", is_ok=True, fact="not tried, because it is excluded")
            continue
        refused = refusal(probe, client, resource)
        yield Diagnosis(f"read {resource}", is_ok=refused is None, fact=refused or "allowed")
    return workspace_id


def _privacy(configuration: IntercomConfiguration) -> Generator[Diagnosis, None, Privacy | None]:
    try:
        privacy = Privacy.of(configuration.privacy, TABLES)
    except ConfigurationError as error:
        yield Diagnosis("privacy", is_ok=False, fact=str(error), code=ExitCode.WRONG_USE)
        return None
    fact = f"{len(privacy.rules):,} rules" if privacy.rules else "every column is loaded as it is"
    yield Diagnosis("privacy", is_ok=True, fact=fact)
    return privacy


def _rate_limit(client: Client) -> Diagnosis:
    limit = client.pacer.limit
    fact = f"{limit:,} calls in 10 seconds" if limit else "Intercom names no limit; calls are not paced"
    return Diagnosis("rate limit", is_ok=True, fact=fact)


def _target(target: Target, workspace_id: str | None, privacy: Privacy | None) -> Iterator[Diagnosis]:
    try:
        yield from answer_within(ANSWER_SECONDS, lambda: list(_destination(target, workspace_id, privacy)))
    except (Stop, *DESTINATION_ERRORS) as error:
        code, fact = explained(error)
        is_ok = isinstance(error, Stop) and is_of_a_run(error)  # that run writes to it
        yield Diagnosis("destination", is_ok=is_ok, fact=f"not opened: {fact}" if is_ok else f"{fact}.", code=code)


def _destination(target: Target, workspace_id: str | None, privacy: Privacy | None) -> Iterator[Diagnosis]:
    full = list(lacking_room(target))
    for error in full:
        code, fact = explained(error)
        yield Diagnosis("destination", is_ok=False, fact=f"{fact}.", code=code)
    if not full:
        with no_run_disturbed(target):
            yield from _looked_at(target, workspace_id, privacy)


def _looked_at(target: Target, workspace_id: str | None, privacy: Privacy | None) -> Iterator[Diagnosis]:
    target.make_ready()
    if target.is_duckdb and not target.database.exists():
        yield Diagnosis("destination", is_ok=True, fact=f"{target} will be created")
        return
    with target.opened() as client:
        is_postgres = target.destination == "postgres"
        if is_postgres:
            refuse_pooler(client, target)
        missing = lacking(client, target, names_by_dataset(target.datasets)) if is_postgres else []
        held = None if missing else target.workspace_in(client)
        limits = cut_off(client) if is_postgres else []
    refused = [] if missing else list(_refusals(target, privacy))
    if held is not None and workspace_id is not None and held[0] != workspace_id:
        fact = f"{target} holds workspace {held[0]}; choose another --database or --dataset"
        yield Diagnosis("destination", is_ok=False, fact=fact, code=ExitCode.WRONG_USE)
    elif not missing and not refused:
        yield Diagnosis("destination", is_ok=True, fact=f"{target} {CHECKED.get(target.destination, REACHED)}")
    else:
        yield from refused
    for line in missing:
        yield Diagnosis("destination", is_ok=False, fact=line, code=ExitCode.WRONG_USE)
    for name, milliseconds in limits:
        yield _limit(name, milliseconds)


def _refusals(target: Target, privacy: Privacy | None) -> Iterator[Diagnosis]:
    """Yield what a run would refuse of what it finds in the target, as it begins; raises Stop for a newer version's."""
    try:
        pipeline = target.pipeline()
        refusing: list[Callable[[], None]] = [
            lambda: refuse_what_is_others(Inspection.at(pipeline), pipeline, target),
            lambda: check_no_people_lost(RawTables(pipeline), target),
        ]
        if privacy is not None:
            refusing.insert(0, partial(refuse_weaker_privacy, pipeline, target, privacy))
        for refuse in refusing:
            try:
                refuse()
            except Stop as stop:
                yield Diagnosis("destination", is_ok=False, fact=str(stop), code=stop.code)
    finally:
        leave(target.folder)


def _limit(name: str, milliseconds: int) -> Diagnosis:
    what = "whoever is silent in a transaction for" if name.startswith("idle_") else "what takes"
    fact = f"the server cuts off {what} {milliseconds / 1000:g} seconds ({name})"
    advice = f"for large loads and builds: ALTER ROLE … SET {name} = 0;"
    is_enough = milliseconds >= SHORTEST_LIMIT_MILLISECONDS
    return Diagnosis("time limit", is_ok=is_enough, fact=f"{fact}; {advice}")
