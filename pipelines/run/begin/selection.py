"""Which resources a run reads."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from sources.intercom import RESOURCES
from sources.intercom.resources import no_resource

ALWAYS_READ = "workspace"  # it protects a database from another workspace's rows


@dataclass(frozen=True)
class Selection:
    """The selected resources by name; none means the default set. `everything` adds what costs a call per contact."""

    names: tuple[str, ...] = ()
    everything: bool = False
    excluded: tuple[str, ...] = ()

    def resources(self, excluded: Iterable[str] = ()) -> list[str]:
        """Return the selected resources in the order of reading.

        Raises Stop for a name that does not exist, for one that is both asked for and left out, for names beside
        `everything`, and if `workspace` is left out, because it protects a database from another workspace's rows.
        """
        left_out = {*self.excluded, *excluded}
        check_resources((*self.names, *left_out))
        if ALWAYS_READ in left_out:
            message = f"{ALWAYS_READ} is always read: it keeps rows of another workspace out of a database. Leave it "
            raise Stop(f"{message}out of exclude (--exclude, or [sources.intercom]).", ExitCode.WRONG_USE)
        refuse_excluded(self.names, left_out)
        if self.names and self.everything:
            message = f"--all reads every resource, and {' '.join(self.names)} would be read alone. Leave out one or "
            raise Stop(f"{message}the other.", ExitCode.WRONG_USE)
        return [name for name in RESOURCES if name == ALWAYS_READ or (self._includes(name) and name not in left_out)]

    def _includes(self, name: str) -> bool:
        if self.names:
            return name in self.names
        return self.everything or not RESOURCES[name].is_opt_in


def check_resources(names: Iterable[str]) -> None:
    """Raise Stop if a name in the selection is that of no resource."""
    for name in names:
        if name not in RESOURCES:  # also an empty one, of a variable that a script did not set
            raise Stop(no_resource(name), ExitCode.WRONG_USE)


def refuse_excluded(names: Iterable[str], excluded: Collection[str]) -> None:
    """Raise Stop for a name that is both selected and left out: neither wish may be ignored silently."""
    if name := next((name for name in names if name in excluded), None):
        message = f"{name} is both asked for and excluded. Leave it out of the command, or out of exclude "
        raise Stop(f"{message}(--exclude, or [sources.intercom] in .dlt/config.toml).", ExitCode.WRONG_USE)
