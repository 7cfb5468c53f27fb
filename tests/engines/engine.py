"""An engine that runs in an environment of its own, and what came of giving it the models."""

import json
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.engines.programs import PROGRAMS
from tests.engines.workspace import write_plan
from tests.support.processes.own_environment import programs_of

NO_MODEL = {"name": "no_model", "table": "intercom.no_model", "sql": "SELECT no_column FROM intercom_raw.admins"}


@dataclass(frozen=True)
class Engine:
    """`program` runs in an environment with `packages`; it reads a plan and writes what it has found."""

    name: str
    dialect: str
    program: str
    packages: tuple[str, ...]
    needs: str = ""  # a command without which it does not run
    link_mode: str = "symlink"

    def built(self, made, folder):
        """Give the plan to the engine; the test is skipped where it cannot run here."""
        if self.needs and shutil.which(self.needs) is None:
            pytest.skip(f"{self.name} is not run: it needs {self.needs}")
        python = programs_of(folder / "environment", *self.packages, link_mode=self.link_mode) / "python"
        made["models"].append({**NO_MODEL, "is_view": False})
        write_plan(made, folder)
        (folder / "found").mkdir()
        started = time.perf_counter()
        subprocess.run([python, PROGRAMS / self.program, folder], check=True)
        failed = json.loads((folder / "failed.json").read_text(encoding="utf-8"))
        assert failed.pop("no_model", ""), "an engine that takes everything shows nothing"
        return Built(self.name, len(made["models"]) - 1, failed, folder / "found", time.perf_counter() - started)


@dataclass
class Built:
    """How many models an engine was given, which it refused (name -> reason), and the folder of what it has found."""

    engine: str
    count_models: int
    failed: dict[str, str]
    found: Path
    seconds: float
    count_compared: int | None = None
    differing: dict[str, object] = field(default_factory=dict)

    def line(self):
        """Return the line of the table in docs/warehouses.md."""
        compared = "none" if self.count_compared is None else f"{self.count_compared}, {len(self.differing)} differing"
        built = self.count_models - len(self.failed)
        return f"| {self.engine} | {built} of {self.count_models} | {compared} | {self.seconds:.0f} |"
