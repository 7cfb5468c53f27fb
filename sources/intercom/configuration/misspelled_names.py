"""Finds misspelled settings, which would silently have no effect: a misspelled privacy rule protects nothing."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

SECTION = ("sources", "intercom")
ALIKE = 0.85  # of 1; two letters that changed places in `intercom` are 0.875
ALIKE_AS_A_WHOLE = 0.9
OWN_WORDS = frozenset({"leave_out", "redact", "bodies", "hash_key"})  # of the privacy section; no other has them

Known = Mapping[str, Collection[str] | None]
"""Setting -> None, or the settings of the section with this name; an empty collection takes any."""


def misspelled(document: Mapping[str, Any], environment: Iterable[str], known: Known) -> str | None:
    """Return what is wrong with the first misspelled name, and what may have been meant; None if all are right.

    `document` is a file of settings, `environment` the names of environment variables.
    """
    return next(_of_document(document, known), None) or next(_of_environment(environment, known), None)


def _of_document(document: Mapping[str, Any], known: Known) -> Iterator[str]:
    right = f"[{'.'.join(SECTION)}]"
    yield from _no_sections(document, (*SECTION, "privacy"))
    for outer, inside in _sections(document):
        if outer == "intercom" and inside.keys() & known.keys():
            yield f"[{outer}] is not read; write {right}."
        if outer != SECTION[0] and OWN_WORDS & inside.keys():
            yield f"[{outer}] is not read; write [{'.'.join(SECTION)}.privacy]."
        if not _is_meant(outer, SECTION[0]):
            continue
        for inner, settings in _sections(inside):
            if (outer, inner) == SECTION:
                yield from _of_section(right.strip("[]"), settings, known)
            elif _is_meant(inner, SECTION[1]) or (inner == "privacy" and OWN_WORDS & settings.keys()):
                yield f"[{outer}.{inner}] is not read; did you mean {right}?"


def _no_sections(document: Mapping[str, Any], path: tuple[str, ...], before: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield names that should be a section but are a value, as if misspelled: nothing in them would be read."""
    if path and path[0] in document:
        name = (*before, path[0])
        inside = document[path[0]]
        if isinstance(inside, Mapping):
            yield from _no_sections(inside, path[1:], name)
        else:
            yield f"{'.'.join(name)} is a value and not a section; write [{'.'.join(name)}] on a line of its own."


def _of_section(name: str, settings: Mapping[str, Any], known: Known) -> Iterator[str]:
    for setting, value in settings.items():
        if setting == SECTION[1] and isinstance(value, Mapping):  # dlt reads a source's settings there, too
            yield from _of_section(f"{name}.{setting}", value, known)
        elif setting not in known:
            yield f"[{name}] has no setting {setting!r}; {_meant(setting, known)}."
        elif (inside := known[setting]) and isinstance(value, Mapping):
            yield from _of_section(f"{name}.{setting}", value, dict.fromkeys(inside))


def _of_environment(names: Iterable[str], known: Known) -> Iterator[str]:
    right = {_letters(full): full for full in _full_names(known)}
    prefix = "__".join(SECTION).upper()
    for name in names:
        first, _, rest = name.partition(f"{prefix}__")
        if name == prefix:
            yield f"{name} is not read: it is a section; write each setting by itself, such as {prefix}__REGION=eu."
        elif not first and rest:
            setting, _, inner = rest.removeprefix(f"{SECTION[1].upper()}__").lower().partition("__")
            inside = known.get(setting)
            if setting not in known:
                yield f"{name} is not read: there is no setting {setting!r}; {_meant(setting, known)}."
            elif inside is None and inner:
                yield f"{name} is not read: {setting} is no section; write {name.removesuffix(f'__{inner.upper()}')}."
            elif inside and not inner:
                example = f"{name}__{sorted(inside)[-1]}".upper()
                yield f"{name} is not read: {setting} is a section; write each setting by itself, such as {example}."
            elif inside and inner not in inside:
                yield f"{name} is not read: {setting} has no setting {inner!r}; {_meant(inner, inside)}."
        elif near := _near(name, right):
            yield f"{name} is not read; did you mean {near}?"


def _near(name: str, right: Mapping[str, str]) -> str | None:
    """Return the variable that a misspelled one was meant to be, or None."""
    letters = _letters(name)
    if letters in right or not letters.startswith(("SOU", "INTER")) or _is_another(name):
        return right.get(letters)
    near = get_close_matches(letters, right, n=1, cutoff=ALIKE_AS_A_WHOLE)
    return right[near[0]] if near else None


def _full_names(known: Known) -> Iterator[str]:
    for setting, inside in known.items():
        for name in (setting, *(f"{setting}__{inner}" for inner in inside or ())):
            yield "__".join((*SECTION, name)).upper()


def _letters(name: str) -> str:
    """Return a variable's name in capitals without underscores: these are what is misspelled most."""
    return name.upper().replace("_", "")


def _sections(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the sections of a TOML file or of one of its sections, misspelled ones too, without their settings."""
    return [(str(name), inside) for name, inside in document.items() if isinstance(inside, Mapping)]


def _is_meant(name: str, right: str) -> bool:
    """Return True if a name is `right` or misspells it; a longer one, as `intercom_eu`, is another source's."""
    return not _goes_on(name, right) and bool(get_close_matches(name.lower(), [right], cutoff=ALIKE))


def _is_another(name: str) -> bool:
    """Return True if a variable is no misspelling but another source's, whose name begins with ours: `intercom_eu`."""
    return any(_goes_on(part, SECTION[1]) for part in name.lower().split("__"))


def _goes_on(name: str, right: str) -> bool:
    """Return True if a name is `right` with more behind it."""
    return re.fullmatch(rf"{right}(_\w+|\d+)", name) is not None


def _meant(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = get_close_matches(name.lower(), names, n=1)
    return f"did you mean {near[0]}" if near else f"settings: {', '.join(names)}"
