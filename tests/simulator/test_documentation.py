"""The simulator's README tells what there is."""

from dataclasses import fields
from pathlib import Path

import simulator
from simulator.control.operations import CONTROLS
from simulator.faults.fault import KINDS
from simulator.options import Options

README = (Path(simulator.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_every_option_is_explained_as_in_the_code():
    rows = dict(line.split(" | ", 1) for line in README.splitlines() if line.startswith("| `"))
    for option in fields(Options):
        live = "yes" if option.metadata["live"] else ""
        expected = f"`{option.default!r}` | {live} | {option.metadata['help'].replace('|', '/')} |"
        assert rows[f"| `{option.name}`"] == expected


def test_every_control_and_fault_is_named():
    for method, name in [*CONTROLS, ("GET", "truth")]:
        assert f"`{method} {name}`" in README
    for kind in KINDS:
        assert f"`{kind}`" in README
