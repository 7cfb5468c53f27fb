"""The types of settings in words."""

import types
from typing import Any, Literal, Union, get_args, get_origin

_KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


def kind(hint: Any) -> str:
    """Return the kind of a setting's value, in words that follow "must be"."""
    if get_origin(hint) in {Union, types.UnionType}:
        return kind(next(part for part in get_args(hint) if part is not type(None)))
    if get_origin(hint) is Literal:
        return f"one of {', '.join(map(str, get_args(hint)))}"
    return _KINDS.get(get_origin(hint) or hint, "text")
