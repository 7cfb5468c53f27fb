"""The control operations: reset, mutate, clock, truth, requests, counters, knobs, state."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace

import orjson
from starlette.responses import Response, StreamingResponse

from simulator.changes import mutate
from simulator.clock import moment
from simulator.control.truth import truth_lines
from simulator.faults.kinds import KINDS
from simulator.options import Options, live_knobs
from simulator.record import Record
from simulator.running.state import State, check_words

Control = Callable[[State, Record], Record]
START_ONLY = frozenset({"host", "port", "exit_with_parent"})


def answer_control(state: State, method: str, path: str, query: Mapping[str, str], body: bytes) -> Response:
    """Answer a control operation: a request under `/_simulator/`."""
    name = path.removeprefix("/_simulator/").rstrip("/")
    if (method, name) == ("GET", "truth"):
        return StreamingResponse(truth_lines(state.workspace, query.get("entity")), media_type="application/x-ndjson")
    control = CONTROLS.get((method, name))
    if control is None:
        known = ", ".join(f"{known_method} {known_name}" for known_method, known_name in CONTROLS)
        return _json({"error": f"unknown control operation; known: {known}, GET truth"}, 404)
    try:
        return _json(control(state, _asked(body)))
    except (ValueError, TypeError, KeyError, OSError) as error:  # errors of wrong requests; the sender sees why
        return _json({"error": str(error)}, 400)


def _asked(body: bytes) -> Record:
    asked = orjson.loads(body) if body else {}
    if not isinstance(asked, dict):
        raise ValueError("the body must be a JSON object")  # noqa: TRY004 - as for whatever else is wrong
    return asked


def _json(content: Record, status: int = 200) -> Response:
    return Response(orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS), status, media_type="application/json")


def _reset(state: State, asked: Record) -> Record:
    _check_names(asked, {option.name for option in fields(Options)} - START_ONLY)
    state.start(Options(**{**asdict(state.started_with), **asked}))
    return _show_state(state, {})


def _mutate(state: State, asked: Record) -> Record:
    _check_names(asked, {"count", "seed", "kinds"})
    changes = mutate(state.workspace, asked.get("count", 1), asked.get("seed", 1), asked.get("kinds") or ())
    return {"changes": changes, "now": state.clock.now()}


def _move_clock(state: State, asked: Record) -> Record:
    _check_names(asked, {"advance", "to", "frozen"})
    advance_seconds = int(asked.get("advance", 0))
    if "to" in asked:
        state.clock.set(moment(str(asked["to"])))
    state.clock.advance(advance_seconds)
    if asked.get("frozen") is True:
        state.clock.freeze()
    elif asked.get("frozen") is False:
        state.clock.resume()
    return _show_clock(state, {})


def _show_clock(state: State, _: Record) -> Record:
    return {"now": state.clock.now(), "exact": state.clock.exact(), "frozen": state.clock.is_frozen}


def _show_requests(state: State, _: Record) -> Record:
    return {"requests": list(state.log.requests)}


def _clear_requests(state: State, _: Record) -> Record:
    state.log.clear()
    state.rate_windows.forget()
    return {"requests": []}


def _show_counters(state: State, _: Record) -> Record:
    return {
        "operations": dict(state.log.operations),
        "statuses": dict(state.log.statuses),
        "windows": state.rate_windows.counted(),
        "own_failures": state.log.count_own_failures,
    }


def _set_knobs(state: State, asked: Record) -> Record:
    known = live_knobs()
    _check_names(asked, known)
    check_words(replace(state.options, **asked))
    for name, value in asked.items():
        setattr(state.options, name, value)
    return {name: getattr(state.options, name) for name in sorted(known)}


def _show_state(state: State, _: Record) -> Record:
    workspace = state.workspace
    return {
        "options": asdict(state.options),
        "now": state.clock.now(),
        "counts": {store.name: len(store) for store in workspace.stores},
        "scroll": workspace.scroll.state(state.clock.exact()),
    }


def _close_scroll(state: State, _: Record) -> Record:
    state.workspace.scroll.close()
    return state.workspace.scroll.state(state.clock.exact())


def _show_faults(state: State, _: Record) -> Record:
    kinds = {name: kind.does for name, kind in KINDS.items()}
    return {"faults": [fault.shown() for fault in state.faults.faults], "kinds": kinds}


def _add_faults(state: State, asked: Record) -> Record:
    _check_names(asked, {"faults"})
    state.faults.add(asked["faults"])
    return _show_faults(state, {})


def _clear_faults(state: State, _: Record) -> Record:
    state.faults.clear()
    return _show_faults(state, {})


def _set_churn(state: State, asked: Record) -> Record:
    _check_names(asked, {"every", "count", "kinds"})
    _set_knobs(state, {f"churn_{name}": value for name, value in asked.items()})
    return _show_churn(state, {})


def _show_churn(state: State, _: Record) -> Record:
    options = state.options
    knobs = {"every": options.churn_every, "count": options.churn_count, "kinds": options.churn_kinds}
    return {**knobs, "changes": state.churn.changes}


def _check_names(asked: Record, known: set[str]) -> None:
    unknown = sorted(asked.keys() - known)
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(sorted(known))}")


CONTROLS: dict[tuple[str, str], Control] = {
    ("POST", "reset"): _reset,
    ("POST", "mutate"): _mutate,
    ("GET", "clock"): _show_clock,
    ("POST", "clock"): _move_clock,
    ("GET", "requests"): _show_requests,
    ("DELETE", "requests"): _clear_requests,
    ("GET", "counters"): _show_counters,
    ("POST", "knobs"): _set_knobs,
    ("GET", "faults"): _show_faults,
    ("POST", "faults"): _add_faults,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "churn"): _show_churn,
    ("POST", "churn"): _set_churn,
    ("GET", "state"): _show_state,
    ("DELETE", "scroll"): _close_scroll,
}
