"""The models as an ordinary dbt project: models, checks as singular tests, seeds as CSV, descriptions, a profile."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sqlglot import exp

from transforms.dbt.profile import NOW_EPOCH, profile
from transforms.runner.dialect import sql_type, transpiled
from transforms.runner.model import RAW, Model, raw_tables, tables_read
from transforms.runner.warehouse import POSTGRES, Datasets
from transforms.seeds.seed import Seed

PROJECT = "intercom"
LARGEST_SHORT_ESCAPE = 0xFFFF
FIRST_LINE = "# Written by `intercom-elt export-dbt`; written over when it runs again."
CLOCK = "build_clock"  # the only seed that must be new in every build: a model in dbt
JINJA = re.compile(r"\{(?=[{%#\r])")  # what begins an expression, a statement or a comment of dbt's

PROJECT_FILE = """{first_line}
#
# dbt build                          seeds, models and tests
# dbt build --vars 'fivetran: true'  also views in the shape of Fivetran's tables
#
# Raw tables are read from the schema of the variable raw_schema. Marts are in the schema of the profile, what is
# before them in <schema>_staging. The days and office hours in seeds/ end on {last_day}, and the columns of
# dim_*_attributes are the custom attributes of the day of the export: export again when either changes.

name: {name}
version: "1.0"
config-version: 2
profile: {name}

vars:
  raw_schema: {raw}
  # now_epoch: 1717200000  # unix seconds: where spans end that are still open; without it, the clock

seeds:
  {name}:
    +schema: staging{hook}

models:
  {name}:{hook}
    staging:
      +materialized: view
      +schema: staging
    intermediate:
      +materialized: table
      +schema: staging
    marts:
      +materialized: table
    fivetran:
      +materialized: view
      +schema: fivetran
      +enabled: "{{{{ var('fivetran', false) }}}}"
"""

ANALYZE_HOOK = """
    # PostgreSQL plans badly with tables that it has not looked at
    +post-hook: "{% if model.config.materialized != 'view' %}analyze {{ this }}{% endif %}\""""

CLOCK_SQL = """-- One row: the moment of the build, where spans end that are still open.
{{{{ config(materialized='table') }}}}
select
    clock.now_epoch,
    calendar_days.day as today
from (
    select
        cast(
            {{% if var('now_epoch', none) is not none %}}{{{{ var('now_epoch') }}}}{{% else %}}{now}{{% endif %}}
            as {integer}
        ) as now_epoch
) as clock
left join {{{{ ref('calendar_days') }}}} as calendar_days
    on calendar_days.starts_at_epoch <= clock.now_epoch and calendar_days.ends_at_epoch > clock.now_epoch
"""


def dbt_files(models: Iterable[Model], seeds: Iterable[Seed], dialect: str, datasets: Datasets) -> dict[str, str]:
    """Return the project's files, path -> text. The dialect is one of `NOW_EPOCH`."""
    models = list(models)
    seeds = [seed for seed in seeds if seed.name != CLOCK]
    days = next(seed for seed in seeds if seed.name == "calendar_days")
    files = {
        "dbt_project.yml": PROJECT_FILE.format(
            first_line=FIRST_LINE,
            name=PROJECT,
            raw=datasets.raw,
            last_day=days.rows[-1][0],
            hook=ANALYZE_HOOK if dialect == POSTGRES else "",
        ),
        "profiles.example.yml": profile(dialect, PROJECT, datasets.marts),
        "models/sources.yml": _sources(models),
        "seeds/seeds.yml": "\n".join(["version: 2", "", "seeds:", *_seed_lines(seeds, dialect)]) + "\n",
        f"models/intermediate/{CLOCK}.sql": CLOCK_SQL.format(
            now=NOW_EPOCH[dialect], integer=sql_type("bigint", dialect)
        ),
    }
    for seed in seeds:
        files[f"seeds/{seed.name}.csv"] = _csv(seed)
    for kind in sorted({model.kind for model in models if not model.is_check}):
        of_kind = [model for model in models if model.kind == kind]
        files[f"models/{kind}/{kind}.yml"] = "\n".join(["version: 2", "", "models:", *_model_lines(of_kind)]) + "\n"
    for model in models:
        files[_path(model)] = _sql(model, dialect)
    return files


def write_dbt_project(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files; raise FileExistsError, before any is written, where the folder holds another dbt project."""
    project_file = folder / "dbt_project.yml"
    if project_file.exists() and not project_file.read_text(encoding="utf-8").startswith(FIRST_LINE):
        raise FileExistsError(f"{project_file} belongs to another dbt project; choose another folder")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _path(model: Model) -> str:
    return f"tests/{model.name}.sql" if model.is_check else f"models/{model.kind}/{model.name}.sql"


def _sql(model: Model, dialect: str) -> str:
    """Return the model's SQL in the dialect, with dbt's ref() and source() in the place of names."""
    tree = model.query.copy()
    mark = _unused_word(model.query.sql())
    for table in tables_read(tree):
        macro = "source" if table.db == RAW else "ref"
        stand_in = exp.to_table(f"{mark}__{macro}__{table.name}__{mark}")
        stand_in.set("alias", table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name)))
        table.replace(stand_in)
    config = f"{{{{ config(severity='{model.severity}') }}}}\n" if model.is_check else ""
    stand_ins = re.compile(rf"[\"`\[]?{mark}__(ref|source)__(\w+?)__{mark}[\"`\]]?", re.IGNORECASE)
    sql = stand_ins.sub(_macro, _plain(transpiled(tree, dialect, pretty=True)))
    return f"-- {model.headline}\n{config}{sql}\n"


def _unused_word(text: str) -> str:
    """Return a word that a text, with the names that people gave, does not hold."""
    word = "dbt"
    while word in text.lower():
        word += "x"
    return word


def _plain(text: str) -> str:
    """Return a text of which dbt's Jinja makes this text again, whatever names it holds."""
    # Jinja makes a line feed of a carriage return, as Python does where it reads a file.
    return JINJA.sub("{{ '{' }}", text).replace("\r", "{{ '\\r' }}")


def _macro(found: re.Match[str]) -> str:
    name = found[2].lower()
    return (
        f"{{{{ source('{PROJECT}_raw', '{name}') }}}}" if found[1].lower() == "source" else f"{{{{ ref('{name}') }}}}"
    )


def _quoted(text: str) -> str:
    """Return a text as YAML's double-quoted one, of which dbt makes this text again."""
    # JSON's escapes are YAML's; above U+FFFF, and of what YAML forbids to be there bare, YAML has its own.
    quoted = json.dumps(_plain(text), ensure_ascii=False)
    return "".join(each if each.isprintable() else _escape(ord(each)) for each in quoted)


def _escape(code_point: int) -> str:
    return f"\\u{code_point:04x}" if code_point <= LARGEST_SHORT_ESCAPE else f"\\U{code_point:08x}"


def _sources(models: Iterable[Model]) -> str:
    lines = ["version: 2", "", "sources:", f"  - name: {PROJECT}_raw", "    schema: \"{{ var('raw_schema') }}\""]
    return "\n".join([*lines, "    tables:", *(f"      - name: {table}" for table in raw_tables(models))]) + "\n"


def _model_lines(models: Iterable[Model]) -> Iterator[str]:
    for model in models:
        yield f"  - name: {model.name}"
        yield f"    description: {_quoted(model.headline)}"
        if model.meanings:
            yield "    columns:"
        for column, meaning in model.meanings.items():
            yield f"      - name: {_quoted(column)}"  # bare, `yes` is a truth value in YAML
            yield f"        description: {_quoted(meaning)}"


def _seed_lines(seeds: Iterable[Seed], dialect: str) -> Iterator[str]:
    for seed in seeds:
        yield f"  - name: {seed.name}"
        yield "    config:"
        yield "      column_types:"
        for column, kind in seed.columns.items():
            yield f"        {column}: {sql_type(kind, dialect).lower()}"


def _csv(seed: Seed) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(seed.columns)
    writer.writerows([str(value).lower() if isinstance(value, bool) else value for value in row] for row in seed.rows)
    return text.getvalue()
