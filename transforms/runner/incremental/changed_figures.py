"""The days on which figures may differ from the last build: those of conversations that count differently now.

Most conversations that are loaded again say the same as before in what models of days, weeks and months read: a tag was
put on, a note written. If its rows are equal in all columns that these models name, a settled conversation does not
change their figures.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlglot import exp

from transforms.runner.model_graph.graph import reached
from transforms.runner.model_graph.model import CONVERSATION, Model, tables_read
from transforms.runner.warehouse.changed_rows import Changes
from transforms.runner.warehouse.quoting import identifier
from transforms.runner.warehouse.warehouse import Warehouse

CONTACT = "contact_id"
PEOPLE = "int_conversation_people"
CHANGED = "changed_conversations"
CHANGED_CONVERSATIONS = Changes(CHANGED, CONVERSATION)
ANOTHER = "conversations_with_other_figures"
# Columns that change by time alone.
UNSETTLED = """
    select changed_conversations.conversation_id
    from changed_conversations
    left join built_conversations on changed_conversations.conversation_id = built_conversations.conversation_id
    where not coalesce(built_conversations.is_settled, false)
"""
# Some figures of a conversation follow from the next one of its contact, which is why it was built again.
WITH_FORMER_ONES = """
    WITH people AS (SELECT {key}, {contact} FROM {formerly} UNION SELECT {key}, {contact} FROM {now}),
    others AS ({others})
    SELECT {key} FROM others
    UNION
    SELECT {key} FROM people WHERE {contact} IN (SELECT {contact} FROM people WHERE {key} IN (SELECT {key} FROM others))
"""


def with_views(readers: Iterable[Model], models: Iterable[Model]) -> list[Model]:
    """Return the readers of figures, and the views of other models that they read: their readers read what these do."""
    own = {model.name: model for model in readers}
    queries = own | {model.name: model for model in models if model.is_view and model.references}
    reads = {name: model.references for name, model in queries.items()}
    return [queries[name] for name in sorted({*own}.union(*(reached(name, reads) for name in own)))]


def columns_read(table: Model, readers: Iterable[Model]) -> list[str]:
    """Return the columns that readers of figures may read of a table: those with names anywhere in their queries."""
    readers = [reader for reader in readers if table.name in reader.references]
    if any(_takes_all(reader.query, table.name) for reader in readers):
        return list(table.columns)
    named = {identifier.name for reader in readers for identifier in reader.query.find_all(exp.Identifier)}
    return [column for column in table.columns if column in {*named, CONVERSATION}]


def _takes_all(query: exp.Query, name: str) -> bool:
    """Return True if a SELECT that reads the table itself has a star among its columns."""
    for select in query.find_all(exp.Select):
        sources = [select.args.get("from_"), *(select.args.get("joins") or [])]
        tables = {table.name for source in sources if source for table in tables_read(source)}
        if name in tables and any(column.is_star for column in select.expressions):
            return True
    return False


class Figures:
    """The figures of changed conversations: their rows at the last build, and whose are other ones after this build.

    `read` has the columns that count, by table. If the former rows are unavailable (not `is_known`), every changed
    conversation counts as different.
    """

    def __init__(self, warehouse: Warehouse, read: Mapping[str, Sequence[str]], *, is_known: bool) -> None:
        self._warehouse = warehouse
        self._read = {**read, PEOPLE: sorted({*read.get(PEOPLE, []), CONVERSATION, CONTACT})}
        self._is_known = is_known
        self._former: dict[str, str] = {}

    @property
    def tables(self) -> set[str]:
        """The tables and views of conversations that figures are made of."""
        return {*self._read}

    def look_back(self, name: str) -> None:
        """Copy the changed conversations' former figures in a table or view, before they are rebuilt."""
        rows = self._warehouse.changed_rows.found(name, CONVERSATION, CHANGED_CONVERSATIONS)
        sql = f"SELECT {_listed(self._read[name])} FROM {rows} AS formerly"  # noqa: S608 - our own tables
        self._former[name] = self._warehouse.scratch.make(f"formerly_{name}", sql)

    def days(self, touched: Model) -> str:
        """Return the query for the days, then or now, that `touched` finds for conversations whose figures changed."""
        changed = self._warehouse.changed_rows
        now = {name: changed.of_table(name, CONVERSATION, CHANGED_CONVERSATIONS) for name in self._read}
        another = self._warehouse.scratch.make(ANOTHER, self._with_other_figures(now))
        return " UNION ".join(
            f"SELECT day FROM ({self._warehouse.model_sql(touched, _of(rows, another))}) AS found"  # noqa: S608
            for rows in (self._former, now)
        )

    def _with_other_figures(self, now: Mapping[str, str]) -> str:
        if not self._is_known:
            return self._warehouse.sql(f"select conversation_id from {CHANGED}")  # noqa: S608
        others = [_differing(self._former[name], now[name], columns) for name, columns in self._read.items()]
        return WITH_FORMER_ONES.format(
            key=CONVERSATION,
            contact=CONTACT,
            formerly=self._former[PEOPLE],
            now=now[PEOPLE],
            others=" UNION ".join([self._warehouse.sql(UNSETTLED), *others]),
        )


def _of(rows: Mapping[str, str], conversations: str) -> dict[str, str]:
    return {
        name: f"(SELECT * FROM {table} WHERE {CONVERSATION} IN (SELECT {CONVERSATION} FROM {conversations}))"  # noqa: S608
        for name, table in rows.items()
    }


def _differing(former: str, now: str, columns: Sequence[str]) -> str:
    """Return the query for conversations whose rows are not the same ones, each as often."""
    listed = _listed(columns)
    return (
        f"SELECT {CONVERSATION} FROM (SELECT {listed}, 1 AS of_build FROM {former}"  # noqa: S608
        f" UNION ALL SELECT {listed}, -1 AS of_build FROM {now}) AS both_builds"
        f" GROUP BY {listed} HAVING sum(of_build) <> 0"
    )


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(map(identifier, columns))
