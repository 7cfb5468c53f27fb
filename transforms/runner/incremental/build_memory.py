"""What a build remembers for the next one: what each model was made from, and for which conversations checks fail."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlglot import UnsupportedError, exp

from transforms.runner.dialects.sql_text import model_text
from transforms.runner.model_graph.graph import reached
from transforms.runner.model_graph.model import Model
from transforms.runner.seed_loading import SeedPlan
from transforms.runner.warehouse.warehouse import Warehouse

MEMORY_QUERIES: Mapping[str, Mapping[str, str]] = {  # tables of what was built: a query in changes/ each
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
MODEL_VERSIONS = "model_versions"
MODEL_VERSIONS_COLUMNS = {"name": "varchar", "version": "varchar"}  # of a table with the number of its rows
MEMORY = (*MEMORY_QUERIES, FAILING, MODEL_VERSIONS)  # all tables in which a build remembers something for the next one


def model_versions(models: Iterable[Model], seeds_version: str, dialect: str) -> dict[str, str]:
    """Return each model's and check's version for a build's memory: a hash of its SQL, what it reads, the seeds.

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


def _text(model: Model, dialect: str) -> str:
    try:
        return model_text(model, dialect)
    except UnsupportedError:
        return model.query.sql(dialect="duckdb")  # the error is reported when the model is built


class BuildMemory:
    """The memory of builds, in tables of the staging dataset: versions of what was built, and where checks fail.

    Versions are taken back before the first model is built, and given again at the end to those that were: what failed
    is built in full the next time. After a build that broke off, or of a selection, all that it touched is. `queries`
    say which conversations and names were built from, none where a warehouse has no memory; `models` are all, by name.
    `changed_by_others`: tables in which the last build has left another number of rows; a backup of them that was put
    back, for one, knows nothing of what the memory says.
    """

    def __init__(self, warehouse: Warehouse, models: Mapping[str, Model], queries: Sequence[Model]) -> None:
        self.queries = queries
        self._warehouse = warehouse
        self._models = models
        self._now: dict[str, str] = {}  # versions of the incremental models and checks, as their files are
        self._kept: dict[str, str] = {}  # versions of those that an earlier build, or this one, has made
        self._is_all_chosen = False
        self.changed_by_others: list[str] = []

    def begin(self, chosen: set[str], seeds: SeedPlan, *, full: bool) -> set[str]:
        """Take models about to be built out of the memory; return what can be built, or checked, by changed rows.

        Nothing can when `full` is asked for, or a selection that leaves out something that the incremental models are
        made of. A model or check that this build does not know, such as one of the user's own that it was not given, is
        forgotten, and with a shorter calendar all models of periods are: no changed conversation names the days that
        are gone.
        """
        if not self.queries:
            return set()
        for table, columns in MEMORY_QUERIES.items():
            if not self._warehouse.has_columns(table, columns):
                self._warehouse.load_table(table, columns, [])  # none yet, or that of an earlier version
        self._warehouse.ensure_table(FAILING, FAILING_COLUMNS)
        self._warehouse.ensure_table(MODEL_VERSIONS, MODEL_VERSIONS_COLUMNS)
        rules = "".join(model_text(query, self._warehouse.dialect) for query in self.queries)
        self._now = model_versions(self._models.values(), seeds.version + rules, self._warehouse.dialect)
        remembered = self._warehouse.rows(exp.select("name", "version").from_(MODEL_VERSIONS))
        known = {str(name): str(version) for name, version in remembered}
        forgotten = self._touched_by(chosen) | (self._of_periods if seeds.is_calendar_shorter else set())
        self._kept = {name: known[name] for name in (known.keys() & self._now) - forgotten}
        self._remember(self._kept)
        self._is_all_chosen = self._needed <= chosen
        if full or seeds.is_calendar_shorter or not self._is_all_chosen:
            return set()
        current = {name for name, version in self._now.items() if known.get(name, "").partition(" ")[0] == version}
        self.changed_by_others = self._with_other_rows({name: known[name] for name in current})
        return current - {*self.changed_by_others, *(self._of_periods if self.changed_by_others else ())}

    def _with_other_rows(self, known: Mapping[str, str]) -> list[str]:
        """Return the tables that have not as many rows as the memory says; one that is gone is built anew anyway."""
        counts = {name: version.partition(" ")[2] for name, version in known.items()}
        kept = {name: int(count) for name, count in counts.items() if count and self._warehouse.has_columns(name, ())}
        found = self._warehouse.counts(kept)  # at once: fifty answers take as long as the rows do
        return sorted(name for name, count in kept.items() if found[name] != count)

    def can_remember(self, built: Collection[str]) -> bool:
        """Return True if the memory's queries can say what the models were built from, given the names of the built.

        That is for all of them in one: a model that a selection left out would miss what is said to be built.
        """
        read = {name for query in self.queries for name in query.references if name in self._models}
        return bool(self._now) and self._is_all_chosen and read <= {*built}

    def remember_models(self, counts: Mapping[str, int | None]) -> None:
        """Put in the build's memory what the built incremental models were built from, and the rows of a table."""
        for name in self.incremental & counts.keys():
            count = counts[name]
            self._kept[name] = self._now[name] if count is None else f"{self._now[name]} {count}"
        self._remember(self._kept)

    def knows_models_of(self, check: Model) -> bool:
        """Return True if the memory has the incremental models that a check reads, so that the check can be in it."""
        return self._is_all_chosen and self.incremental & check.references <= self._kept.keys()

    def remember_checks(self, failing: Mapping[str, Iterable[str] | None]) -> None:
        """Put checks in the memory, by name, with the conversations for which they fail, in place of former ones.

        A check without a list of them has to look at every conversation next time. Of checks that are not known any
        more, nothing is kept.
        """
        found = {name: ids for name, ids in failing.items() if ids is not None}
        if not found:
            return
        remembered = self._warehouse.rows(exp.select(*FAILING_COLUMNS).from_(FAILING))
        kept = [(name, one) for name, one in remembered if name in self._kept.keys() - found.keys()]
        rows = [(name, one) for name, ids in found.items() for one in ids]
        if remembered or rows:
            self._warehouse.load_table(FAILING, FAILING_COLUMNS, [*kept, *rows])
        self._remember(self._kept | {name: self._now[name] for name in found})

    @property
    def incremental(self) -> set[str]:
        """The names of the incremental models in a build's memory."""
        return {name for name in self._now if not self._models[name].is_check}

    @property
    def _needed(self) -> set[str]:
        """The memory's incremental models and all that they are made of, seeds aside: each build loads those."""
        reads = {name: model.references for name, model in self._models.items()}
        return self.incremental.union(*(reached(name, reads) for name in self.incremental))

    def _touched_by(self, chosen: set[str]) -> set[str]:
        """Return the chosen models, the checks that read one, and the models of periods that are made of one.

        What the chosen models say after this build is not what those of periods were made from: on which days the
        changed conversations showed, nobody can ask them any more.
        """
        reads = {name: model.references for name, model in self._models.items()}
        checks = {name for name, model in self._models.items() if model.is_check and model.references & chosen}
        return chosen | checks | {name for name in self._of_periods if reached(name, reads) & chosen}

    @property
    def _of_periods(self) -> set[str]:
        return {name for name, model in self._models.items() if model.is_of_periods}

    def _remember(self, versions: Mapping[str, str]) -> None:
        self._warehouse.load_table(MODEL_VERSIONS, MODEL_VERSIONS_COLUMNS, list(versions.items()))
