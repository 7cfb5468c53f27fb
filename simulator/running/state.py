"""Everything a running simulator holds."""

from dataclasses import replace

from simulator.changes import check_kinds
from simulator.clock import Clock, moment
from simulator.endpoints.routes import check_areas
from simulator.faults.faults_in_force import FaultsInForce
from simulator.generate import populate
from simulator.options import Options, words
from simulator.recorded_workspace import fill_from_folder
from simulator.running.churn import Churn
from simulator.running.rate_windows import RateWindows
from simulator.running.request_log import RequestLog


class State:
    """The state of a running simulator: the workspace and everything around it; `start` makes all of it anew."""

    def __init__(self, options: Options) -> None:
        self.log = RequestLog()
        self.started_with = options
        self.start(options)

    def start(self, options: Options) -> None:
        """Begin a running simulator's state from options: new clock, workspace and log; only the faults they name.

        Raises ValueError for options that name what does not exist, and OSError for a folder that cannot be read; the
        state is then the old one.
        """
        check_words(options)
        options = replace(options)
        faults = FaultsInForce(options.seed, options.faults)
        clock = Clock(moment(options.now))
        workspace = (fill_from_folder if options.fill_from else populate)(options, clock)
        self.options, self.clock, self.workspace, self.faults = options, clock, workspace, faults
        self.rate_windows = RateWindows(clock, options)
        self.churn = Churn()
        self.log.clear()


def check_words(options: Options) -> None:
    """Raise ValueError where the options of a running simulator name areas or kinds of change that do not exist."""
    check_areas(options)
    check_kinds(words(options.churn_kinds))
