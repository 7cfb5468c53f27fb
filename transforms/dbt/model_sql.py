"""A model or check as dbt reads it: its SQL in the warehouse's dialect, with ref() and source() for tables."""

import re
from functools import partial

from sqlglot import exp

from transforms.dbt.yaml_text import plain
from transforms.runner.dialects.transpiling import transpiled
from transforms.runner.model_graph.model import FIVETRAN, RAW, Model, tables_read


def dbt_sql(model: Model, project: str, dialect: str) -> str:
    """Return the model's SQL in the dialect, with dbt's ref() and source() instead of names."""
    tree = model.query.copy()
    word = _unused_word(tree)
    for table in tables_read(tree):
        macro = "source" if table.db == RAW else "ref"
        stand_in = exp.to_table(f"{word}__{macro}__{table.name}__{word}")
        stand_in.set("alias", table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name)))
        table.replace(stand_in)
    config = ""
    if model.is_check:
        config = f"{{{{ config(severity='{model.severity}') }}}}\n"
    elif model.kind == FIVETRAN:  # here, because a package does not see its user's variables in dbt_project.yml
        config = f"{{{{ config(enabled=var('{project}_fivetran', false)) }}}}\n"
    elif model.is_no_table:
        config = "{{ config(materialized='view') }}\n"
    stand_ins = re.compile(rf"[\"`\[]?{word}__(ref|source)__(\w+?)__{word}[\"`\]]?", re.IGNORECASE)
    sql = stand_ins.sub(partial(_macro, project), plain(transpiled(tree, dialect, pretty=True, copy=False)))
    return f"-- {plain(model.headline)}\n{config}{sql}\n"


def _unused_word(query: exp.Expr) -> str:
    """Return a word that does not occur in the model's SQL, names that people gave included."""
    text = " ".join(str(node.this) for node in query.find_all(exp.Identifier, exp.Literal)).lower()
    word = "dbt"
    while word in text:
        word += "x"
    return word


def _macro(project: str, found: re.Match[str]) -> str:
    name = found[2].lower()
    return (
        f"{{{{ source('{project}_raw', '{name}') }}}}" if found[1].lower() == "source" else f"{{{{ ref('{name}') }}}}"
    )
