"""The command in a process of its own: `intercom-elt`, and `python -m pipelines`."""

import atexit
import os
from typing import NoReturn

from pipelines.cli import main
from pipelines.standard_streams import flush_what_is_read


def run() -> NoReturn:
    """Run the command line in this process, `python -m pipelines`, and end the process with the command's exit code.

    Python would take apart two thousand modules first, object by object, which takes a tenth of a second.
    """
    code: object = 1
    try:
        main()
    except SystemExit as end:
        code = end.code
    atexit._run_exitfuncs()  # os._exit leaves it out
    flush_what_is_read()
    os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    run()
