"""What builds have made under each name, a table or a view: `built_models` remembers it for the next build."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.runner.warehouse.values import Row

BUILT_MODELS = "built_models"
BUILT_MODELS_COLUMNS = {"name": "varchar", "is_view": "boolean", "column_names": "varchar", "is_own": "boolean"}


@dataclass(frozen=True)
class Built:
    """What an earlier build made as a relation under a name; `is_own`: of a user's model, None if that is not said."""

    is_view: bool
    columns: frozenset[str]
    is_own: bool | None = None


class BuiltModels:
    """The built models of earlier builds and of this one, by name."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        """Take the rows of the table `built_models`."""
        self._built = {
            str(name): Built(bool(is_view), frozenset(json.loads(str(columns))), is_own)
            for name, is_view, columns, is_own in rows
        }
        self.built_before = frozenset(self._built)
        self.of_ours_before = frozenset(name for name, one in self._built.items() if one.is_own is False)
        self._is_more_built = False

    def get(self, name: str) -> Built | None:
        """Return what was built under a name."""
        return self._built.get(name)

    def add(self, name: str, built: Built) -> None:
        """Add to the built models what this build has made under a name."""
        if self._built.get(name) != built:
            self._built[name] = built
            self._is_more_built = True

    def news(self) -> list[Row]:
        """Return the rows that `built_models` is to have; none where it has them already."""
        if not self._is_more_built:
            return []
        return [built_row(name, one) for name, one in sorted(self._built.items())]


def built_row(name: str, built: Built) -> Row:
    """Return the row of `built_models` for what was built under a name."""
    return name, built.is_view, json.dumps(sorted(built.columns)), built.is_own
