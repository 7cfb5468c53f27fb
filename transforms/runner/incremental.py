"""Incremental building: only rows that may have changed are rebuilt, with the same result as a full build.

A model that says `-- incremental: conversation_id` gives each conversation's rows from that conversation's rows in what
it reads. Three queries in `changes/` compare: `conversation_versions` (what there is to build from) with
`built_conversations` (what the last build was made from) gives `changed_conversations`. The first is a view. It needs
the new rows of models that are only rebuilt after it, and so their queries are written into its own.

A model that says `-- incremental: day`, `week_start` or `starts_on` gives the rows of a period from that period's rows
in a table of periods, and from whatever else. `touched_days` are the days on which changed conversations show in such a
model: asked of their rows before they are built anew, and after, where these differ (see `figures`).

A check with a key fails for a conversation because of that conversation's rows. Where it has passed, it is enough to
look at the changed ones. Where it has failed for a few, these count as changed in the next build.
"""

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping

from dlt.destinations.exceptions import DatabaseUndefinedRelation
from sqlglot import UnsupportedError, exp

from transforms.runner.changed_figures import (
    CHANGED,
    CHANGED_CONVERSATIONS,
    PEOPLE,
    Figures,
    columns_read,
    with_views,
)
from transforms.runner.database_error import BUILD_ERRORS
from transforms.runner.dialects.sql_text import model_text
from transforms.runner.graph import inlined, reached
from transforms.runner.model import CONVERSATION, PERIOD_KEYS, Model, ModelError, references
from transforms.runner.warehouse.warehouse import Changes, Warehouse

VERSIONS = "conversation_versions"
TOUCHED = "touched_days"
PERIODS = "changed_periods"
CHANGED_PERIODS = Changes(PERIODS, "starts_on")
EVERYTHING = exp.select(CONVERSATION).from_("stg_conversations")
PERIOD_TABLES = ("calendar_days", "int_periods")
MEMORY_QUERIES: Mapping[str, Mapping[str, str]] = {  # what is remembered of the last build: a query in changes/ each
    "built_conversations": {
        "conversation_id": "varchar",
        "contact_id": "varchar",
        "asked_at_epoch": "bigint",
        "last_close_at_epoch": "bigint",
        "version": "varchar",
        "is_settled": "boolean",
        "built_at_epoch": "bigint",
    },
    "built_names": {"entity": "varchar", "id": "varchar", "name": "varchar"},
}
FAILING = "failing_conversations"
FAILING_COLUMNS = {"check_name": "varchar", "conversation_id": "varchar"}
MOST_FAILING = 500  # rows of one check: rebuilding more conversations costs more than checking all of them
MODEL_VERSIONS = "model_versions"
MODEL_VERSIONS_COLUMNS = {"name": "varchar", "version": "varchar"}
MEMORY = (*MEMORY_QUERIES, FAILING, MODEL_VERSIONS)  # the tables in which a build remembers something for the next one


def after_changes(models: Iterable[Model]) -> list[Model]:
    """Return the models; the incremental tables also read what has changed, and so come after it.

    A table with `select *` is always built in full: what it reads may have got another column. Raises ModelError for a
    model of periods that takes them from a source whose changes are not known.
    """
    models = [
        model if model.is_check or model.names_its_columns else dataclasses.replace(model, key="") for model in models
    ]
    _check_periods(models)
    tables = [model for model in models if model.key and not model.is_check and not model.is_view]
    of_conversations = {model.name for model in tables if _is_of_conversations(model)}
    of_periods = [model for model in tables if model.key in PERIOD_KEYS]
    read_by_periods = {PEOPLE}.union(*(reader.references for reader in with_views(of_periods, models)))
    after = {TOUCHED: read_by_periods & of_conversations} | {
        model.name: {CHANGED if model.name in of_conversations else PERIODS} for model in tables
    }
    return [
        _before_changes(model, tables)
        if model.name == VERSIONS
        else dataclasses.replace(model, references=model.references | after.get(model.name, set()))
        for model in models
    ]


def _check_periods(models: Iterable[Model]) -> None:
    """Raise ModelError if it cannot be known which periods of a model change, as when it makes its own days."""
    of_periods = {model.name: model for model in models if model.key in PERIOD_KEYS and not model.is_check}
    for model in of_periods.values():
        if not model.references & {*PERIOD_TABLES, *of_periods}:
            raise ModelError(
                f"{model.kind}/{model.name}.sql is incremental by {model.key}, and reads neither "
                f"{' nor '.join(PERIOD_TABLES)}: join one of these by it, or leave out the line `-- incremental`"
            )


def _before_changes(model: Model, tables: list[Model]) -> Model:
    query = inlined(model.query, tables)
    return dataclasses.replace(model, query=query, references=references(query))


def model_versions(models: Iterable[Model], seeds_version: str, dialect: str) -> dict[str, str]:
    """Return the version of each incremental model and check: a hash of its SQL, all that it reads, and the seeds.

    The models come in their order. A table whose version has changed has to be built in full.
    """
    models = list(models)
    reads = {model.name: model.references for model in models}
    keyed = {model.name for model in models if model.key}
    needed = keyed.union(*(reached(name, reads) for name in keyed))
    hashes: dict[str, str] = {}
    for model in models:
        if model.name in needed:
            parts = [_text(model, dialect), *(hashes.get(name, "") for name in sorted(model.references))]
            hashes[model.name] = hashlib.sha256("\n".join([*parts, seeds_version]).encode()).hexdigest()
    return {name: hashes[name] for name in keyed}


def _is_of_conversations(model: Model) -> bool:
    return model.key == CONVERSATION


def _text(model: Model, dialect: str) -> str:
    try:
        return model_text(model, dialect)
    except UnsupportedError:
        return model.query.sql(dialect="duckdb")  # the error is reported when the model is built


class Increments:
    """Which models can be built incrementally in this build, and the memory that this needs.

    The memory is taken back before the first model is built, and given again when all of them are: after a build that
    broke off, or of a selection, what it touched is built in full. `memory_queries` give what is remembered.

    A build calls, in this order: `reset_periods` if its calendar became shorter, `begin`, `update` for each table,
    `look_back` after that of the changed conversations, `end` after the last table, and `checked` after the checks.
    """

    def __init__(self, warehouse: Warehouse, models: list[Model], memory_queries: list[Model]) -> None:
        self.seeds_version = ""
        self._warehouse = warehouse
        self._models = {model.name: model for model in models}
        self._memory_queries = memory_queries
        self._versions_now: dict[str, str] = {}  # of the incremental models and checks, as their files are
        self._versions_kept: dict[str, str] = {}  # those that an earlier build, or this one, has made
        self._in_part: set[str] = set()  # what is built, or checked, by changed rows
        self._figures: Figures | None = None

    def begin(self, chosen: set[str], *, full: bool) -> None:
        """Forget the models that are about to be built, and find out which can be built incrementally.

        Nothing can when `full` is asked for, or a selection that leaves out something that the incremental models are
        made of, or where a warehouse has no memory: there everything counts as changed. A model or check that this
        build does not know, such as one of the user's own that it was not given, is forgotten.
        """
        if not self._memory_queries:
            return
        for remembered_table, columns in MEMORY_QUERIES.items():
            if not self._warehouse.has_columns(remembered_table, columns):
                self._warehouse.load_table(remembered_table, columns, [])  # none yet, or that of an earlier version
        if not self._warehouse.has_memory:
            return
        self._warehouse.ensure_table(FAILING, FAILING_COLUMNS)
        self._warehouse.ensure_table(MODEL_VERSIONS, MODEL_VERSIONS_COLUMNS)
        rules = "".join(model_text(model, self._warehouse.dialect) for model in self._memory_queries)
        self._versions_now = model_versions(self._models.values(), self.seeds_version + rules, self._warehouse.dialect)
        remembered = self._warehouse.rows(exp.select("name", "version").from_(MODEL_VERSIONS))
        known = {str(name): str(version) for name, version in remembered}
        self._versions_kept = {
            name: known[name] for name in (known.keys() & self._versions_now) - self._touched_by(chosen)
        }
        if not full and self._needed <= chosen:
            self._in_part = {name for name, version in self._versions_now.items() if known.get(name) == version}
        self._remember(self._versions_kept)

    def reset_periods(self) -> None:
        """Reset what the models of periods were made from, because their calendar is about to be replaced."""
        if self._warehouse.has_columns(MODEL_VERSIONS, MODEL_VERSIONS_COLUMNS):
            remembered = self._warehouse.rows(exp.select("name", "version").from_(MODEL_VERSIONS))
            of_periods = {name for name, model in self._models.items() if model.key in PERIOD_KEYS}
            self._remember({str(name): str(version) for name, version in remembered if name not in of_periods})

    @property
    def is_partial(self) -> bool:
        """True if some models are about to be built incrementally, by many small statements."""
        return bool(self._in_part)

    def update(self, model: Model) -> int | None:
        """Rebuild the model's rows that may have changed and return how many rows it has.

        None if it has to be built in full.
        """
        if model.name == TOUCHED:
            return self._touch(model)
        if model.name == CHANGED and not self._in_part:
            return self._warehouse.create_table(dataclasses.replace(model, query=EVERYTHING, texts={}))
        if model.name not in self._in_part:
            return None
        changes = CHANGED_CONVERSATIONS if _is_of_conversations(model) else CHANGED_PERIODS
        self._look_back_at({model.name})
        try:
            return self._warehouse.update_table(model, self._relations(model), changes)
        except DatabaseUndefinedRelation:  # somebody has dropped the table
            self._in_part.discard(model.name)
            return None

    def look_back(self) -> None:
        """Prepare to keep what the changed conversations say in models of periods, as long as it is what it was.

        A table's former rows are kept right before they are rebuilt, those of other tables and of views now.
        """
        touched = self._models.get(TOUCHED)
        of_periods = [self._models[name] for name in self._in_part if self._models[name].key in PERIOD_KEYS]
        if touched is None or not of_periods:
            return
        read = self._read_by([*of_periods, touched])
        updated = self._in_part - self._views
        self._figures = Figures(self._warehouse, read, is_known=read.keys() <= updated)
        self._look_back_at(self._figures.tables - updated)

    def _look_back_at(self, names: set[str]) -> None:
        """Keep former rows; where somebody has dropped the table, all models of periods are built in full."""
        figures = self._figures
        if figures is None:
            return
        try:
            for name in sorted(names & figures.tables):
                figures.look_back(name)
        except DatabaseUndefinedRelation:
            self._figures = None
            self._in_part -= {name for name, model in self._models.items() if model.key in PERIOD_KEYS}

    @property
    def _views(self) -> set[str]:
        return {name for name, model in self._models.items() if model.is_view}

    def _read_by(self, readers: list[Model]) -> Mapping[str, list[str]]:
        """Return the columns, by table of conversations, that these models read."""
        readers = with_views(readers, self._models.values())
        read = {name for reader in readers for name in reader.references} - {reader.name for reader in readers}
        names = sorted(name for name in read if self._has_key(name, CONVERSATION))
        return {name: columns_read(self._models[name], readers) for name in names if name != CHANGED}

    def _touch(self, touched: Model) -> int:
        """Add the days that changed conversations touch now to those of before; none if nothing is current."""
        if self._figures is None:
            return self._warehouse.load_table(TOUCHED, {"day": "date"}, [])
        return self._warehouse.create_own_table(TOUCHED, ["day"], self._figures.days(touched))

    def relations_of_check(self, check: Model) -> Mapping[str, str]:
        """Return what a check may read instead of tables: only the changed rows, if it has passed for all others."""
        keyed = {name for name in check.references if self._models.get(name, check).key == CONVERSATION}
        is_enough = bool(check.key) and check.name in self._in_part and keyed - {check.name} <= self._in_part
        return self._relations(check) if is_enough else {}

    def _relations(self, model: Model) -> Mapping[str, str]:
        """Return what a model reads instead of tables, so that it returns only rows that may have changed."""
        if model.key in PERIOD_KEYS:
            tables = [name for name in model.references if name in PERIOD_TABLES]
            return {name: self._warehouse.changed_rows(name, model.key, CHANGED_PERIODS) for name in tables}
        tables = [name for name in model.references if self._has_key(name, CONVERSATION)]
        return {name: self._changed_rows(self._models[name]) for name in tables if name != CHANGED}

    def _changed_rows(self, model: Model) -> str:
        if model.is_view and model.key:
            return self._warehouse.changed_rows_of_view(model, self._relations(model))
        return self._warehouse.changed_rows(model.name, CONVERSATION, CHANGED_CONVERSATIONS)

    def end(self, built: set[str]) -> None:
        """Remember what each model was built from, if nothing is missing."""
        if not self._memory_queries or not self._versions_now or not self._needed <= built:
            return
        for model in self._memory_queries:
            self._remember_built(model)
        self._versions_kept |= {name: self._versions_now[name] for name in self._incremental}
        self._remember(self._versions_kept)

    def checked(self, counts: Mapping[str, int]) -> None:
        """Remember the checks that need not look at every conversation next time, if the models they read are known.

        `counts` are the rows that they found. If these are few, their conversations are remembered as failing.
        """
        if not self._incremental <= self._versions_kept.keys():
            return
        failing = {name: self._failing(self._models[name], counts[name]) for name in counts.keys() & self._versions_now}
        now_known = {name: self._versions_now[name] for name, ids in failing.items() if ids is not None}
        if now_known:
            self._remember_failing({name: failing[name] or [] for name in now_known})
            self._remember(self._versions_kept | now_known)

    def _failing(self, check: Model, count: int) -> list[str] | None:
        """Return the conversations for which a check fails, or None if they are many or if it does not say which."""
        if count == 0:
            return []
        if count > MOST_FAILING or not _is_of_conversations(check):
            return None
        ids = exp.select(CONVERSATION).distinct().from_(check.query.subquery("failing"))
        asked = dataclasses.replace(check, kind="", query=ids, texts={})
        try:
            rows = self._warehouse.rows_of(asked, self.relations_of_check(check))
        except BUILD_ERRORS:  # it took too long, or the like: next time the check looks at every conversation
            return None
        return None if (None,) in rows else [str(one) for (one,) in rows]

    def _remember_failing(self, failing: Mapping[str, Iterable[str]]) -> None:
        """Replace what is remembered of these checks, and forget those that are no longer known."""
        remembered = self._warehouse.rows(exp.select(*FAILING_COLUMNS).from_(FAILING))
        kept = [(name, one) for name, one in remembered if name in self._versions_kept.keys() - failing.keys()]
        rows = [(name, one) for name, ids in failing.items() for one in ids]
        if remembered or rows:
            self._warehouse.load_table(FAILING, FAILING_COLUMNS, [*kept, *rows])

    def _remember_built(self, model: Model) -> None:
        conversations = {name for name in self._incremental if _is_of_conversations(self._models[name])}
        if _is_of_conversations(model) and conversations <= self._in_part:
            self._warehouse.update_table(model, self._relations(model), CHANGED_CONVERSATIONS)
        else:
            self._warehouse.create_own_table(model.name, MEMORY_QUERIES[model.name], self._warehouse.model_sql(model))

    @property
    def _incremental(self) -> set[str]:
        return {name for name in self._versions_now if not self._models[name].is_check}

    @property
    def _needed(self) -> set[str]:
        """The incremental models and all that these are made of, seeds aside: those are loaded in every build."""
        reads = {name: model.references for name, model in self._models.items()}
        return self._incremental.union(*(reached(name, reads) for name in self._incremental))

    def _touched_by(self, chosen: set[str]) -> set[str]:
        """Return the chosen models, the checks that read one, and the models of periods that are made of one.

        What the chosen models say after this build is not what those of periods were made from: on which days the
        changed conversations showed, nobody can ask them any more.
        """
        reads = {name: model.references for name, model in self._models.items()}
        checks = {name for name, model in self._models.items() if model.is_check and model.references & chosen}
        of_periods = {name for name, model in self._models.items() if model.key in PERIOD_KEYS}
        return chosen | checks | {name for name in of_periods if reached(name, reads) & chosen}

    def _has_key(self, name: str, key: str) -> bool:
        return name in self._models and key in self._models[name].columns

    def _remember(self, versions: Mapping[str, str]) -> None:
        self._warehouse.load_table(MODEL_VERSIONS, MODEL_VERSIONS_COLUMNS, list(versions.items()))
