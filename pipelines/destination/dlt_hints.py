"""What dlt asks of its own classes, asked once: it asks two thousand times a load package, a sixth of its computing."""

import sys
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from dlt.common import validation
from dlt.common.configuration import resolve
from dlt.common.configuration.providers import environ, vault
from dlt.common.configuration.specs.base_configuration import is_secret_hint
from typing_extensions import get_type_hints  # as dlt does


def remember_hints() -> None:
    """Have dlt remember the fields of its dictionaries and which settings are secret; neither changes while it runs.

    dlt takes both apart anew at each look (`validate_dict` has a remark that it should not). Done again, it changes
    nothing.
    """
    for module, name, answer in ANSWERS:
        setattr(module, name, answer)


@cache
def _hints_of(spec: Any) -> dict[str, Any]:
    module = sys.modules.get(spec.__module__)
    return get_type_hints(spec, globalns=None if module is None else vars(module))


def _hints(spec: Any, globalns: dict[str, Any] | None = None) -> dict[str, Any]:
    """`validate_dict` gives the namespace of the class's own module, which goes without saying."""
    return _hints_of(spec)


def _remembered(ask: Callable[[Any], bool]) -> Callable[[Any], bool]:
    known = cache(ask)

    @wraps(ask)
    def answer(hint: Any) -> bool:
        try:
            return known(hint)
        except TypeError:  # it cannot be a key, such as one with a list in its annotation
            return ask(hint)

    return answer


_is_secret = _remembered(is_secret_hint)
# Where dlt looks for them: the modules that have imported them by name.
ANSWERS: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
    (validation, "get_type_hints", _hints),
    *((module, is_secret_hint.__name__, _is_secret) for module in (environ, vault, resolve)),
)
