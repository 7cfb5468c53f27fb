"""Whose a table or view is: a build replaces its own, which `built_models` remembers, and never one of others."""

from collections.abc import Sequence

from transforms.runner.warehouse.inventory.built_models import Built
from transforms.runner.warehouse.inventory.relations import Relation


class InTheWay(Exception):
    """A relation of others, table or view, has the name of a model; the message names it and says what to do."""


def check_ours(relation: Relation, built: Built | None, *, is_view: bool, columns: Sequence[str]) -> None:
    """Raise InTheWay if replacing the relation by one with these columns would lose what others have made.

    `built`: what an earlier build made under the name, None if nothing is remembered. A table that a killed build was
    the first to make is not remembered, but has the kind and the comment that this build would give it. A view holds no
    values, and DuckDB gives one of a star the columns that came to what it reads. The case of column names does not
    matter.
    """
    is_remembered = built is not None and built.is_view == relation.is_view
    if not is_remembered and not (relation.is_commented and relation.is_view == is_view):
        raise InTheWay(
            f"the {relation} was not built by intercom-elt and stays as it is. Rename it, or choose another --dataset"
        )
    if relation.is_view:
        return
    known = {column.casefold() for column in (*columns, *(relation.columns if built is None else built.columns))}
    if added := [column for column in relation.columns if column.casefold() not in known]:
        raise InTheWay(
            f"the {relation} has the column {added[0]}, which no model has made and a build would empty. Keep it in a "
            "table of your own and drop it here"
        )


def is_ours(relation: Relation, built: Built | None) -> bool:
    """Return True if a build has made the relation, which may then be dropped and rebuilt."""
    return relation.is_commented if built is None else built.is_view == relation.is_view
