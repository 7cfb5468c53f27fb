"""One load package: the resources that are read into it side by side."""

import dlt
from dlt.common.storages.load_package import load_package_state

from .reading.chunk_budget import Chunk
from .reading.reading import Reading
from .reading.resource import Place, Resource
from .reading.session import Session
from .reading.side_by_side import SideBySide


class Package:
    """A load package: what the resources that are read into it share."""

    def __init__(self, session: Session, chunk: Chunk) -> None:
        self.side_by_side = SideBySide()
        self._session = session
        self._chunk = chunk
        self._together: list[Reading] = []

    def reading(self, resource: Resource) -> Reading:
        """Return what `resource` reads with into this load package; to be called where dlt asks for its first item."""
        state, others_ended = dlt.current.resource_state(resource.name), self.side_by_side.others_ended
        load_id = str(load_package_state()["load_id"])
        reading = Reading.of(self._session, resource.name, state, self._chunk, others_ended, load_id)
        if resource.place is Place.TOGETHER:
            self._together.append(reading)
        return reading

    @property
    def goes_on(self) -> bool:
        """True if what is read before the last has to continue in the load package after this one.

        An export job does not count: it adds nobody that the last ones look up, and it is waited for once these have
        ended, too.
        """
        return any(reading.is_unfinished and reading.report.error is None for reading in self._together)
