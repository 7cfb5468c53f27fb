"""A simulator as a process of its own, for demos, tests and benchmarks."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import orjson

from simulator.options import Options
from simulator.record import Record

STOP_SECONDS = 5
CONTROL_TIMEOUT_SECONDS = 600
"""Filling or printing a large workspace takes a while."""


class SimulatorProcess:
    """Starts a simulator as a process on a free port of 127.0.0.1, and ends it; takes `Options` by name.

    with SimulatorProcess(seed=7, conversations=1_000) as simulator:
        ... simulator.url, simulator.token ...
    """

    def __init__(self, **options: object) -> None:
        self.options = Options(**{"exit_with_parent": True, **options})  # type: ignore[arg-type] # checked by name only
        self.token = self.options.token
        self.url = ""
        self._process: subprocess.Popen[str] | None = None
        self._control = httpx.Client(timeout=CONTROL_TIMEOUT_SECONDS, trust_env=False)

    def __enter__(self) -> "SimulatorProcess":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # Clients take a failure of the simulator for one of Intercom and ask again: nothing else would show it.
        try:
            count = self.counters()["own_failures"] if kind is None and self._is_alive() else 0
        finally:
            self.stop()
        if count:
            raise RuntimeError(f"the simulator itself failed at requests ({count}); see its standard error")

    @property
    def pid(self) -> int:
        """The process id of the running simulator."""
        if self._process is None:
            raise RuntimeError("the simulator is not running")
        return self._process.pid

    def start(self) -> None:
        """Start the simulator's process and wait until it accepts connections."""
        root = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "simulator", *_arguments(self.options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C is the parent's, which ends the simulator when it is done
        )
        assert self._process.stdout is not None  # noqa: S101 - it was asked for as a pipe
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError(f"the simulator did not start (exit code {self._process.wait()})")

    def stop(self) -> None:
        """End the simulator's process."""
        self._control.close()
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def reset(self, **options: object) -> Record:
        """Let the process generate its workspace anew, with other options if given; clears log, clock and counters."""
        return self._post("reset", options)

    def mutate(self, count: int = 1, *, seed: int = 1, kinds: list[str] | None = None) -> list[Record]:
        """Ask the process for `count` random changes; return `{kind, entity, id, at}` of each in their order."""
        changes: list[Record] = self._post("mutate", {"count": count, "seed": seed, "kinds": kinds})["changes"]
        return changes

    def clock(self, *, advance: int | None = None, to: int | str | None = None, frozen: bool | None = None) -> int:
        """Move, set, freeze (True) or resume (False) the process's clock; gives its time in unix seconds."""
        asked = {"advance": advance, "to": to, "frozen": frozen}
        now: int = self._post("clock", {key: value for key, value in asked.items() if value is not None})["now"]
        return now

    def truth(self) -> dict[str, list[Record]]:
        """Ask the simulator's process for the truth: every readable record by entity, whole."""
        return self._truth(is_gone=False)

    def gone(self) -> dict[str, list[Record]]:
        """Ask the process for what nobody can read any more, as `{"gone": reason, "record": ...}` by entity.

        A merged contact that another one replaced also has `"into"`, the other one's id.
        """
        return self._truth(is_gone=True)

    def requests(self) -> list[Record]:
        """Ask the simulator's process for the requests that it has logged, oldest first."""
        logged: list[Record] = self._get("requests")["requests"]
        return logged

    def counters(self) -> Record:
        """Ask the simulator's process how often each operation was called, each status answered, each window used.

        `{"operations": {name: calls}, "statuses": {status: answers}, "windows": [{window, calls}], "own_failures": n}`;
        of those that it failed to answer itself, all since it was started.
        """
        return self._get("counters")

    def clear_requests(self) -> None:
        """Let the simulator's process forget the requests that it has logged and counted."""
        self._control.delete(f"{self.url}/_simulator/requests").raise_for_status()

    def faults(self, *faults: Record) -> None:
        """Give the process faults, each a dict of the fields of `simulator.faults.Fault`; without any, remove all."""
        if faults:
            self._post("faults", {"faults": list(faults)})
        else:
            self._control.delete(f"{self.url}/_simulator/faults").raise_for_status()

    def faults_in_force(self) -> list[Record]:
        """Ask the simulator's process for its faults, each with the number of requests it has struck: `count_acted`."""
        faults: list[Record] = self._get("faults")["faults"]
        return faults

    def churn(self, *, every: int, count: int = 1, kinds: str = "") -> None:
        """Let the process change its workspace after every so many API requests (0: no more) while a client reads."""
        self._post("churn", {"every": every, "count": count, "kinds": kinds})

    def churned(self) -> list[Record]:
        """Ask the simulator's process for the changes that churn has made, as `mutate` gives them."""
        changes: list[Record] = self._get("churn")["changes"]
        return changes

    def knobs(self, **values: object) -> Record:
        """Change options that can change while the process runs; gives all of them."""
        return self._post("knobs", values)

    def _is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _truth(self, *, is_gone: bool) -> dict[str, list[Record]]:
        entities: dict[str, list[Record]] = {}
        with self._control.stream("GET", f"{self.url}/_simulator/truth") as response:
            response.raise_for_status()
            for line in _lines(response):
                item = orjson.loads(line)
                of_entity = entities.setdefault(item["entity"], [])
                if ("gone" in item) is is_gone:
                    told = {key: value for key, value in item.items() if key != "entity"}
                    of_entity.append(told if is_gone else item["record"])
        return entities

    def _get(self, name: str) -> Record:
        response = self._control.get(f"{self.url}/_simulator/{name}")
        return _content(response)

    def _post(self, name: str, content: Any) -> Record:
        response = self._control.post(f"{self.url}/_simulator/{name}", json=content)
        return _content(response)


def _lines(response: httpx.Response) -> Iterator[bytes]:
    """Yield the lines of NDJSON from the process; httpx would split a JSON text at U+2028 and other line ends too."""
    rest = b""
    for part in response.iter_bytes():
        *lines, rest = (rest + part).split(b"\n")
        yield from lines
    if rest:
        yield rest


def _content(response: httpx.Response) -> Record:
    if response.is_error:
        raise ValueError(response.text)
    content: Record = orjson.loads(response.content)
    return content


def _arguments(options: Options) -> list[str]:
    arguments = []
    for option in fields(Options):
        value = getattr(options, option.name)
        flag = option.name.replace("_", "-")
        if isinstance(value, bool):
            arguments.append(f"--{flag}" if value else f"--no-{flag}")
        else:
            arguments.append(f"--{flag}={value}")
    return arguments
