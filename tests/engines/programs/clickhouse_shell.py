"""Runs in an environment with chdb: a statement a line as JSON comes in, its rows as JSON go out."""

import json
import sys

from chdb.session import Session


def main():
    session = Session()
    session.query("CREATE DATABASE locks")
    for line in sys.stdin:
        answer = session.query(json.loads(line), "JSONCompact")
        said = answer.bytes().decode() if answer else ""
        sys.stdout.write(json.dumps(json.loads(said)["data"] if said else []) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
