"""The command in a process of its own: `intercom-elt`, and `python -m pipelines`."""

import atexit
import os
import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line in this process, `python -m pipelines`, and end the process with the command's exit code.

    Python would take apart two thousand modules first, object by object, which takes a tenth of a second.
    """
    code: object = 1
    try:
        from pipelines.cli import main  # noqa: PLC0415 - Ctrl-C may come while it is imported

        main()
    except SystemExit as end:
        code = end.code
    except KeyboardInterrupt:  # before `main` has heard of it, which says the same, or after it
        print("intercom-elt: Stopped.", file=sys.stderr)  # noqa: T201 - a stream that is closed is None here
    from pipelines.standard_streams import flush_what_is_read  # noqa: PLC0415 - as said

    atexit._run_exitfuncs()  # os._exit leaves it out
    flush_what_is_read()
    os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    run()
