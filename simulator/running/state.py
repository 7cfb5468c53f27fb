"""Everything a running simulator holds."""

from dataclasses import replace

from simulator.clock import Clock, moment
from simulator.faults.faults_in_force import FaultsInForce
from simulator.generate import populate
from simulator.options import Options
from simulator.recorded_workspace import fill_from_folder
from simulator.running.churn import Churn
from simulator.running.rate_windows import RateWindows
from simulator.running.request_log import RequestLog


class State:
    """The workspace and everything around it; `start` makes all of it anew."""

    def __init__(self, options: Options) -> None:
        self.log = RequestLog()
        self.started_with = options
        self.start(options)

    def start(self, options: Options) -> None:
        """Begin from these options: a new clock, workspace, log, and no faults but those the options name."""
        self.options = replace(options)
        self.clock = Clock(moment(options.now))
        if options.fill_from:
            self.workspace = fill_from_folder(self.options, self.clock)
        else:
            self.workspace = populate(self.options, self.clock)
        self.workspace.let_search_lag(self.options)
        self.rate_windows = RateWindows(self.clock, options.rate_limit)
        self.faults = FaultsInForce(options.seed, options.faults)
        self.churn = Churn()
        self.log.clear()
