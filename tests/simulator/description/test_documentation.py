"""The simulator's README tells what there is."""

from dataclasses import fields
from pathlib import Path

import simulator
from simulator.changes.mutation import KINDS as CHANGES
from simulator.control.operations import CONTROLS
from simulator.faults.kinds import KINDS
from simulator.options import Options

README = (Path(simulator.__file__).parent / "README.md").read_text(encoding="utf-8")
ROWS = dict(line.split(" | ", 1) for line in README.splitlines() if line.startswith("| `"))


def test_every_option_is_explained_as_in_the_code():
    for option in fields(Options):
        live = "yes" if option.metadata["live"] else ""
        expected = f"`{option.default!r}` | {live} | {option.metadata['help'].replace('|', '/')} |"
        assert ROWS[f"| `{option.name}`"] == expected


def test_every_kind_of_fault_is_explained_as_in_the_code():
    for name, kind in KINDS.items():
        assert ROWS[f"| `{name}`"] == f"{kind.does} |"


def test_every_control_is_named():
    for method, name in [*CONTROLS, ("GET", "truth")]:
        assert f"`{method} {name}`" in README


def test_every_kind_of_change_is_counted():
    assert f" {len(CHANGES)} kinds of change" in README
