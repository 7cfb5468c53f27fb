"""Everything a running simulator holds."""

from dataclasses import replace

from simulator.clock import Clock, moment
from simulator.generate import populate
from simulator.options import Options
from simulator.rate_windows import RateWindows
from simulator.request_log import RequestLog


class State:
    """The workspace and what surrounds it; `reset` makes all of it anew."""

    def __init__(self, options: Options) -> None:
        self.log = RequestLog()
        self.start(options)

    def start(self, options: Options) -> None:
        """Begin from these options: a new clock, workspace and log."""
        self.started_with = options
        self.options = replace(options)
        self.clock = Clock(moment(options.now))
        self.workspace = populate(self.options, self.clock)
        self.rate_windows = RateWindows(self.clock, options.rate_limit)
        self.log.clear()
