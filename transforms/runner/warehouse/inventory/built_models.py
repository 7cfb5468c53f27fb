"""What builds have made under each name, a table or a view: `built_models` remembers it for the next build."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

BUILT_MODELS = "built_models"
BUILT_MODELS_COLUMNS = {"name": "varchar", "is_view": "boolean", "column_names": "varchar"}


@dataclass(frozen=True)
class Built:
    """What an earlier build made as a relation under a name."""

    is_view: bool
    columns: frozenset[str]


class BuiltModels:
    """The built models of earlier builds and of this one, by name."""

    def __init__(self, rows: Sequence[Sequence[object]] = ()) -> None:
        """Take the rows of the table `built_models`."""
        self._built = {
            str(name): Built(bool(is_view), frozenset(json.loads(str(columns)))) for name, is_view, columns in rows
        }
        self.built_before = frozenset(self._built)
        self._is_more_built = False

    def get(self, name: str) -> Built | None:
        """Return what was built under a name."""
        return self._built.get(name)

    def add(self, name: str, built: Built) -> None:
        """Add to the built models what this build has made under a name."""
        if self._built.get(name) != built:
            self._built[name] = built
            self._is_more_built = True

    def news(self) -> list[tuple[str, bool, str]]:
        """Return the rows that `built_models` is to have; none where it has them already."""
        if not self._is_more_built:
            return []
        return [(name, one.is_view, json.dumps(sorted(one.columns))) for name, one in sorted(self._built.items())]
