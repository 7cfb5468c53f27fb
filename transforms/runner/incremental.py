"""Incremental building: only the rows of changed conversations are made anew, with the result of a full build.

A model that says `-- incremental: conversation_id` gives each conversation's rows from that conversation's rows in what
it reads. Three queries in `changes/` compare: `conversation_versions` (what there is to build from) with
`built_conversations` (what the last build was made from) gives `changed_conversations`.
"""

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping

from sqlglot import exp

from transforms.runner.dialect import transpiled
from transforms.runner.graph import reached
from transforms.runner.model import Model, tables_read
from transforms.runner.warehouse import Warehouse

CHANGED = "changed_conversations"
BUILT: Mapping[str, Mapping[str, str]] = {  # what is remembered of the last build: a query in changes/ each
    "built_conversations": {
        "conversation_id": "varchar",
        "contact_id": "varchar",
        "version": "varchar",
        "is_settled": "boolean",
        "built_at_epoch": "bigint",
    },
    "built_names": {"entity": "varchar", "id": "varchar", "name": "varchar"},
}
MODEL_VERSIONS = "model_versions"
MODEL_VERSIONS_COLUMNS = {"name": "varchar", "version": "varchar"}


def after_changes(models: Iterable[Model]) -> list[Model]:
    """Return the models; the incremental ones also read the changed conversations, and so come after them."""
    return [
        dataclasses.replace(model, references=model.references | {CHANGED}) if model.key else model for model in models
    ]


def of_changed(model: Model, columns_of: Mapping[str, frozenset[str]]) -> exp.Query:
    """Return the model's query on the changed conversations alone: every table with its key is cut down to these."""
    query = model.query.copy()
    for table in tables_read(query):
        if model.key in columns_of.get(table.name, ()):
            changed = exp.select(model.key).from_(CHANGED)
            rows = exp.select("*").from_(exp.to_table(table.name)).where(exp.column(model.key).isin(query=changed))
            table.replace(rows.subquery(table.alias_or_name))
    return query


def model_versions(models: Iterable[Model], seeds_version: str, dialect: str) -> dict[str, str]:
    """Return the version of each incremental model: a hash of its SQL, of all that it reads, and of the seeds.

    The models come in their order. A table whose version is another one has to be built in full.
    """
    models = list(models)
    reads = {model.name: model.references for model in models}
    keyed = {model.name for model in models if model.key}
    needed = keyed.union(*(reached(name, reads) for name in keyed))
    hashes: dict[str, str] = {}
    for model in models:
        if model.name in needed:
            parts = [transpiled(model.query, dialect), *(hashes.get(name, "") for name in sorted(model.references))]
            hashes[model.name] = hashlib.sha256("\n".join([*parts, seeds_version]).encode()).hexdigest()
    return {name: hashes[name] for name in keyed}


class Increments:
    """Which models can be built incrementally in this build, and the memory that this needs.

    The memory is taken back before the first model is built, and given again when all of them are: after a build that
    broke off, or of a selection, what it touched is built in full. `built` are the queries of what is remembered.
    """

    def __init__(self, warehouse: Warehouse, models: list[Model], built: list[Model]) -> None:
        self.seeds_version = ""
        self._warehouse = warehouse
        self._models = models
        self._built = built
        self._versions: dict[str, str] = {}
        self._current: set[str] = set()

    def begin(self, chosen: set[str], *, full: bool) -> None:
        """Forget what is about to be built, and find out what of it can be built incrementally.

        Nothing can when `full` is asked for, or a selection that leaves out other incremental models.
        """
        if not self._built or not self._warehouse.has_transactions:
            return
        for remembered_table, columns in BUILT.items():
            self._warehouse.ensure_table(remembered_table, columns)
        self._warehouse.ensure_table(MODEL_VERSIONS, MODEL_VERSIONS_COLUMNS)
        rules = "".join(transpiled(model.query, self._warehouse.dialect) for model in self._built)
        self._versions = model_versions(self._models, self.seeds_version + rules, self._warehouse.dialect)
        remembered = self._warehouse.rows(exp.select("name", "version").from_(MODEL_VERSIONS))
        known = {str(name): str(version) for name, version in remembered}
        if not full and self._versions.keys() <= chosen:
            self._current = {name for name, version in self._versions.items() if known.get(name) == version}
        self._remember({name: version for name, version in known.items() if name not in chosen})

    def query(self, model: Model) -> exp.Query | None:
        """Return the query that gives the rows of the changed conversations; None: the model is built in full."""
        if model.name not in self._current:
            return None
        return of_changed(model, {one.name: frozenset(one.query.named_selects) for one in self._models})

    def end(self, built: set[str]) -> None:
        """Remember what was built from what, when nothing is missing."""
        if self._built and self._versions and self._versions.keys() <= built:
            for model in self._built:
                self._warehouse.create_table(model.name, model.query)
            self._remember(self._versions)

    def _remember(self, versions: Mapping[str, str]) -> None:
        self._warehouse.load_table(MODEL_VERSIONS, MODEL_VERSIONS_COLUMNS, list(versions.items()))
