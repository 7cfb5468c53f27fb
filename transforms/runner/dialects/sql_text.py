"""The SQL text of a query in the destination's dialect, in which each table that it reads still has a bare name."""

import re
from collections.abc import Callable

from sqlglot import exp

from transforms.runner.dialects.transpiling import transpiled
from transforms.runner.model_graph.model import RAW, Model, tables_read

SLOT = re.compile(r"""["`\[]@([\w.]+)@["`\]]""")  # whatever a dialect puts around names


def text_of(query: exp.Expr, dialect: str) -> str:
    """Return a query's SQL text in the dialect with a slot for each stored table, which `filled` fills."""
    tree = query.copy()
    for table in tables_read(tree):
        name = f"{RAW}.{table.name}" if table.db == RAW else table.name
        slot = exp.Table(this=exp.to_identifier(f"@{name}@", quoted=True))
        slot.set("alias", table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name)))
        table.replace(slot)
    return transpiled(tree, dialect, copy=False)


def model_text(model: Model, dialect: str) -> str:
    """Return the SQL text of a model, or for a check the text that counts its rows.

    It is generated once: that takes longer than a small database takes to run it, and it is the same in every build.
    """
    made_of, text = model.texts.get(dialect, (None, ""))
    if made_of is not model.query:
        query = exp.select("count(*)").from_(model.query.subquery("counted")) if model.is_check else model.query
        text = text_of(query, dialect)
        model.texts[dialect] = (model.query, text)
    return text


def filled(text: str, name_of: Callable[[str], str]) -> str:
    """Return the SQL text with what is read in each slot: `name_of` gets `raw.contacts` or `fct_conversations`."""
    return SLOT.sub(lambda slot: name_of(slot[1]), text)
