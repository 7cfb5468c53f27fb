"""Incremental building: only rows that may have changed are rebuilt, with the same result as a full build.

A model that says `-- incremental: conversation_id` gives each conversation's rows from that conversation's rows in what
it reads. Three queries in `changes/` compare: `conversation_versions` (what there is to build from) with
`built_conversations` (what the last build was made from) gives `changed_conversations`. The first is a view. It needs
the new rows of models that are only rebuilt after it, and so their queries are written into its own.

A model that says `-- incremental: day`, `week_start` or `starts_on` gives the rows of a period from that period's rows
in a table of periods, and from whatever else. `touched_days` are the days on which changed conversations show in such a
model: asked of their rows before they are built anew, and after, where these differ (see `changed_figures`).

A check with a key fails for a conversation because of that conversation's rows. Where it has passed, it is enough to
look at the changed ones. Where it has failed for a few, these count as changed in the next build.

A build makes these calls of `Increments`, in this order:

| call | when | what it does |
|---|---|---|
| `begin` | before seeds and models | forgets what is about to be built, and finds what can be built by changed rows |
| `update` | for each table | rebuilds the changed rows, unless the table has to be built in full |
| `look_back` | after `changed_conversations` is built | keeps what these say in models of periods, for `touched_days` |
| `end` | after the last table | remembers what each was built from |
| `count_failing` | for each check | has it look at the changed rows alone, if that is enough |
| `checked` | after the last check | remembers which of them need not look at everything next time |
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from dlt.destinations.exceptions import DatabaseUndefinedRelation
from sqlglot import exp

from transforms.runner.database_error import BUILD_ERRORS
from transforms.runner.incremental.build_memory import MEMORY_QUERIES, BuildMemory
from transforms.runner.incremental.changed_figures import (
    CHANGED,
    CHANGED_CONVERSATIONS,
    Figures,
    columns_read,
    with_views,
)
from transforms.runner.incremental.order import PERIOD_TABLES, PERIODS, TOUCHED
from transforms.runner.model_graph.model import CONVERSATION, Model
from transforms.runner.seed_loading import SeedPlan
from transforms.runner.warehouse.changed_rows import Changes
from transforms.runner.warehouse.warehouse import Warehouse

CHANGED_PERIODS = Changes(PERIODS, "starts_on")
EVERYTHING = exp.select(CONVERSATION).from_("stg_conversations")
# Of 60,000 conversations, four in ten take DuckDB 9 s, and all of them in full 8 s; PostgreSQL 22 s and 31 s. All of
# them by increments take 11 s and 72 s. Of few, either takes the same time.
MOST_CHANGED = 0.5
FEW_CHANGED = 1_000
MOST_FAILING = 500  # rows of one check: rebuilding more conversations costs more than checking all of them


class Increments:
    """The increments of one build: what is rebuilt, and from what; `memory_queries` give what is remembered of it."""

    def __init__(self, warehouse: Warehouse, models: Sequence[Model], memory_queries: Sequence[Model]) -> None:
        self._warehouse = warehouse
        self._models = {model.name: model for model in models}
        self._memory = BuildMemory(warehouse, self._models, memory_queries)
        self._in_part: set[str] = set()  # what is built, or checked, by changed rows
        self._figures: Figures | None = None

    def begin(self, chosen: set[str], seeds: SeedPlan, *, full: bool) -> None:
        """Forget the models that are about to be built, and find out which can be built incrementally."""
        self._in_part = self._memory.begin(chosen, seeds, full=full)

    @property
    def warnings(self) -> list[str]:
        """What is to be said of tables whose increments would not do."""
        what = "does not have the rows that the last build left in it: somebody has changed it, and it is built in full"
        return [f"{name} {what}" for name in self._memory.changed_by_others]

    @property
    def is_partial(self) -> bool:
        """True if some models are about to be built incrementally, by many small statements."""
        return bool(self._in_part)

    def is_in_part(self, model: Model) -> bool:
        """Return True if the model is about to be built by an increment."""
        return model.name in self._in_part

    def tables_of(self, model: Model) -> list[str]:
        """Return the names of those tables and views that a model reads whose rows have a conversation each."""
        return [table.name for table in self._tables_of_conversations(model.references)]

    def update(self, model: Model) -> int | None:
        """Build the model by an increment: rebuild its rows that may have changed, and return how many it has.

        None if it has to be built in full.
        """
        if model.name == TOUCHED:
            return self._touch(model)
        if model.name == CHANGED and not self._in_part:
            return self._warehouse.create_table(dataclasses.replace(model, query=EVERYTHING, texts={}))
        if model.name not in self._in_part:
            return None
        self._look_back_at({model.name})
        try:
            return self._warehouse.update_table(model, self._relations(model), _changes_of(model))
        except DatabaseUndefinedRelation:  # somebody has dropped the table
            self._in_part.discard(model.name)
            return None

    def look_back(self, count_changed: int) -> None:
        """Prepare the increments of periods: keep what changed conversations said in models of them.

        A table's former rows are kept right before they are rebuilt, those of other tables and of views now. Where most
        conversations have changed, as when a teammate is renamed, all models are built in full instead.
        """
        if self._in_part and count_changed > FEW_CHANGED:
            count_built = self._warehouse.count_rows("built_conversations")
            if count_changed > MOST_CHANGED * count_built:
                self._in_part = set()
        touched = self._models.get(TOUCHED)
        of_periods = [self._models[name] for name in self._in_part if self._models[name].is_of_periods]
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
            self._in_part -= {name for name, model in self._models.items() if model.is_of_periods}

    @property
    def _views(self) -> set[str]:
        return {name for name, model in self._models.items() if model.is_view}

    def _read_by(self, readers: list[Model]) -> Mapping[str, list[str]]:
        """Return the columns, by table of conversations, that these incremental models read."""
        readers = with_views(readers, self._models.values())
        read = {name for reader in readers for name in reader.references} - {reader.name for reader in readers}
        return {table.name: columns_read(table, readers) for table in self._tables_of_conversations(read)}

    def _touch(self, touched: Model) -> int:
        """Add the days that changed conversations touch now to those of before; none if nothing is current."""
        if self._figures is None:
            return self._warehouse.load_table(TOUCHED, {"day": "date"}, [])
        return self._warehouse.create_own_table(TOUCHED, ["day"], self._figures.days(touched))

    def count_failing(self, check: Model) -> int:
        """Return how many rows a check finds: only changed ones, if it has passed for all others."""
        return self._warehouse.count_rows_of(check, *self._part_of(check))

    def _part_of(self, check: Model) -> tuple[Mapping[str, str], str]:
        """Return what a check may read instead of tables, and which of its rows count then.

        What it compares them with may be whole, such as a raw table, and would have the rows that it misses.
        """
        models = [self._models[name] for name in check.references if name in self._models]  # the others are seeds
        keyed = {model.name for model in models if model.is_of_conversations}
        is_enough = bool(check.key) and {check.name, *keyed} <= self._in_part
        relations = self._relations(check) if is_enough else {}
        if not relations:
            return {}, ""
        return relations, self._warehouse.changed_rows.only_changed(check.key, _changes_of(check))

    def _relations(self, model: Model) -> Mapping[str, str]:
        """Return what a model reads instead of tables, so that it gives only rows that may have changed."""
        if model.is_of_periods:
            tables = [name for name in model.references if name in PERIOD_TABLES]
            return {name: self._warehouse.changed_rows.of_table(name, model.key, CHANGED_PERIODS) for name in tables}
        return {table.name: self._changed_rows(table) for table in self._tables_of_conversations(model.references)}

    def _tables_of_conversations(self, names: Iterable[str]) -> list[Model]:
        """Return those tables and views whose increments go by the conversation of each row."""
        tables = [self._models[name] for name in sorted(names) if name in self._models and name != CHANGED]
        return [table for table in tables if CONVERSATION in table.columns]

    def _changed_rows(self, model: Model) -> str:
        if model.is_view and model.key:
            sql = self._warehouse.model_sql(model, self._relations(model))
            return self._warehouse.changed_rows.of_query(model.name, sql)
        return self._warehouse.changed_rows.of_table(model.name, CONVERSATION, CHANGED_CONVERSATIONS)

    def end(self, counts: Mapping[str, int | None]) -> None:
        """End the increments of models: remember what each was built from, if that is known.

        `counts`: the rows of what was built, by name; None of a view.
        """
        if self._memory.can_remember(counts):
            for query in self._memory.queries:
                self._remember_built(query)
            self._memory.remember_models(counts)

    def checked(self, counts: Mapping[str, int]) -> None:
        """Remember the checks that need not look at every conversation next time: their models are remembered.

        `counts` are the rows that they found. If these are few, their conversations are remembered as failing.
        """
        checks = [self._models[name] for name in counts if self._models[name].key]
        known = [check for check in checks if self._memory.knows_models_of(check)]
        self._memory.remember_checks({check.name: self._failing(check, counts[check.name]) for check in known})

    def _failing(self, check: Model, count: int) -> list[str] | None:
        """Return the conversations for which a check fails, or None if they are many or if it does not say which."""
        if count == 0:
            return []
        if count > MOST_FAILING or not check.is_of_conversations:
            return None
        ids = exp.select(CONVERSATION).distinct().from_(check.query.subquery("failing"))
        asked = dataclasses.replace(check, kind="", query=ids, texts={})
        try:
            rows = self._warehouse.rows_of(asked, *self._part_of(check))
        except BUILD_ERRORS:  # it took too long, or the like: next time the check looks at every conversation
            return None
        return None if (None,) in rows else [str(one) for (one,) in rows]

    def _remember_built(self, query: Model) -> None:
        read = {one for one in self._memory.incremental & query.references if self._models[one].is_of_conversations}
        if query.is_of_conversations and read <= self._in_part:
            self._warehouse.update_own_table(query, self._relations(query), CHANGED_CONVERSATIONS)
        else:
            self._warehouse.create_own_table(query.name, MEMORY_QUERIES[query.name], self._warehouse.model_sql(query))


def _changes_of(model: Model) -> Changes:
    """Return by which changes an incremental model or check goes."""
    return CHANGED_CONVERSATIONS if model.is_of_conversations else CHANGED_PERIODS
