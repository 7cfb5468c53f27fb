"""The project's documentation for dbt: sources, models, seeds, their readers, and where to begin."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from transforms.dbt.yaml_text import yaml_text
from transforms.runner.dialects.dialect_names import sql_type
from transforms.runner.model_graph.model import Model, raw_tables
from transforms.seeds.seed import SEED_GRAINS, Seed

Comments = tuple[str, Mapping[str, str]]  # the description of a table, and those of its columns
NO_COMMENTS: Comments = ("", {})

OVERVIEW = """{{% docs __{name}__ %}}
# Intercom: models of support

Written by `intercom-elt export-dbt` from the models that `intercom-elt transform` builds, with the same rows.

* Start with `fct_conversations` (one row per conversation: response and resolution times, assignee, rating, reopens),
  `fct_support_daily` (day, channel and team) and `fct_support_periods` (weeks and months: medians cannot be added up).
* `stg_…` renames and casts the raw tables, `int_…` is what several marts share, `fct_…` and `dim_…` answer questions,
  `qa_…` compares with what Intercom itself counts.
* Durations end in `_seconds`; with `_business_` before it they count office hours alone. Times end in `_at` (UTC), days
  in `_on` (the workspace's time zone), truths begin with `is_`, `has_` or `was_`, counts with `count_`.
* A test with severity `warn` says what is odd in Intercom's data, one with `error` what must not be.
{{% enddocs %}}
"""


@dataclass(frozen=True)
class Exposure:
    """A reader of the models to document, outside of dbt, such as a dashboard."""

    name: str
    label: str
    description: str
    models: Iterable[str]


@dataclass(frozen=True)
class Described:
    """What the documentation says and the models lack: raw tables' meanings (by name), and the models' readers."""

    raw_tables: Mapping[str, Comments] = field(default_factory=dict)
    exposures: Iterable[Exposure] = ()


def descriptions(
    name: str, models: Iterable[Model], seeds: Iterable[Seed], dialect: str, described: Described
) -> dict[str, str]:
    """Return the files of dbt's documentation, path -> text."""
    models = list(models)
    files = {
        "models/overview.md": OVERVIEW.format(name=name),
        "models/sources.yml": _yaml("sources", _source_lines(name, models, described.raw_tables)),
        "seeds/seeds.yml": _yaml("seeds", _seed_lines(seeds, dialect)),
    }
    if exposures := list(described.exposures):
        files["models/exposures.yml"] = _yaml("exposures", _exposure_lines(exposures))
    for kind in sorted({model.kind for model in models if not model.is_check}):
        lines = _model_lines(model for model in models if model.kind == kind)
        files[f"models/{kind}/{kind}.yml"] = _yaml("models", lines)
    return files


def _yaml(key: str, lines: Iterable[str]) -> str:
    return "\n".join(["version: 2", "", f"{key}:", *lines]) + "\n"


def _source_lines(name: str, models: Iterable[Model], meanings: Mapping[str, Comments]) -> Iterator[str]:
    yield f"  - name: {name}_raw"
    yield '    description: "What Intercom says, as intercom-elt has loaded it."'
    yield f"    schema: \"{{{{ var('{name}_raw_schema') }}}}\""
    yield "    tables:"
    for table in raw_tables(models):
        yield f"      - name: {table}"
        yield from (f"    {line}" for line in _meaning_lines(*meanings.get(table, NO_COMMENTS)))


def _model_lines(models: Iterable[Model]) -> Iterator[str]:
    for model in models:
        yield f"  - name: {model.name}"
        yield from _meaning_lines(model.headline, model.meanings)


def _meaning_lines(sentence: str, columns: Mapping[str, str]) -> Iterator[str]:
    if sentence:
        yield f"    description: {yaml_text(sentence)}"
    if columns:
        yield "    columns:"
    for column, meaning in columns.items():
        yield f"      - name: {yaml_text(column)}"  # bare, `yes` is a truth value in YAML
        yield f"        description: {yaml_text(meaning)}"


def _seed_lines(seeds: Iterable[Seed], dialect: str) -> Iterator[str]:
    for seed in seeds:
        yield f"  - name: {seed.name}"
        yield f"    description: {yaml_text(SEED_GRAINS[seed.name])}"
        yield "    config:"
        yield "      column_types:"
        for column, kind in seed.columns.items():
            yield f"        {column}: {sql_type(kind, dialect).lower()}"


def _exposure_lines(exposures: Iterable[Exposure]) -> Iterator[str]:
    for exposure in exposures:
        yield f"  - name: {exposure.name}"
        yield f"    label: {yaml_text(exposure.label)}"
        yield f"    description: {yaml_text(exposure.description)}"
        yield "    type: dashboard"
        yield "    owner: {name: intercom-elt}"
        yield "    depends_on:"
        yield from (f"      - ref('{model}')" for model in exposure.models)
