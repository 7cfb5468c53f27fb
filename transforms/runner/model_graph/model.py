"""A model: one SELECT in one file, with its grain in the first line and the tables it reads in its own SQL."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import takewhile

import sqlglot
from sqlglot import exp

STAGING = "staging"
INTERMEDIATE = "intermediate"
MARTS = "marts"
CHECKS = "checks"  # the name of which is a claim, and that of no table
KINDS = (STAGING, INTERMEDIATE, MARTS, CHECKS)
FIVETRAN = "fivetran"  # the raw tables in the shape of Fivetran's, for what others have built on that
CHANGES = "changes"  # what incremental building compares: neither answers nor a part of a dbt project
CONVERSATION = "conversation_id"
PERIOD_KEYS = ("day", "week_start", "starts_on")
KEYS = (CONVERSATION, *PERIOD_KEYS)  # by which a model can be incremental
SEVERITIES = ("error", "warn")
RAW = "raw"  # the schema under which a model names a raw table; the build replaces it by the real dataset
INCREMENTAL = re.compile(r"^-- incremental: (\w+)$", re.MULTILINE)
VIEW = re.compile(r"^-- view: (.+)$", re.MULTILINE)
EPHEMERAL = re.compile(r"^-- ephemeral: (.+)$", re.MULTILINE)
HALVES = re.compile(r"^-- halves: (.+)$", re.MULTILINE)
QUESTION = re.compile(r"^-- question: (.+)$", re.MULTILINE)
HEADER = re.compile(r"(?:--.*\n)*")  # a note within the query declares nothing
SEE = re.compile(r"see (\w+)(?:\.(\w+))?")  # a column means what that column of another model means
LONGEST_NAME = 63  # bytes, after which PostgreSQL cuts it
PLAIN_NAME = re.compile(rf"[a-z_][a-z0-9_]{{0,{LONGEST_NAME - 1}}}")  # every database takes it as it is
COLUMN_COMMENT = re.compile(r"^[^\n]*?(\w+),?[ ]+-- (.+)$", re.MULTILINE)


class ModelError(Exception):
    """A model file that cannot be built: the message names the file and what is wrong with it."""


@dataclass(frozen=True)
class Model:
    """A model: one SELECT.

    `kind` is its folder; `references` are the models and seeds that it reads, not the raw tables; `meanings` has the
    comments of its columns. `question` is one that a mart answers. `key` is the column by which it can be built
    incrementally, empty when it cannot. A model that `is_no_table`, unlike others of its kind, is computed when it is
    read; one that `is_ephemeral` is a part of the queries that read it. One that `has_halves` may be built from half of
    the conversations and from the others at once. One that `is_own` is the user's. `texts` is a cache of `model_text`.
    """

    name: str
    kind: str
    headline: str
    query: exp.Query
    references: frozenset[str]
    severity: str = ""
    key: str = ""
    is_no_table: bool = False
    is_ephemeral: bool = False
    has_halves: bool = False
    question: str = ""
    is_own: bool = False
    meanings: Mapping[str, str] = field(default_factory=dict)
    texts: dict[str, tuple[exp.Query, str]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the model's columns, in their order."""
        return tuple(self.query.named_selects)

    @property
    def names_its_columns(self) -> bool:
        """True if the model's query names every column, in any database: no star, no unnamed expression."""
        return len({*self.columns}) == len(self.columns) and all(map(PLAIN_NAME.fullmatch, self.columns))

    @property
    def is_of_conversations(self) -> bool:
        """True if the model can be built by the conversations that have changed."""
        return self.key == CONVERSATION

    @property
    def is_of_periods(self) -> bool:
        """True if the model can be built by the days, weeks or months that have changed."""
        return self.key in PERIOD_KEYS

    @property
    def is_check(self) -> bool:
        """True if the model is a check: a query for rows that must not exist; it is run, not built."""
        return self.kind == CHECKS

    @property
    def is_view(self) -> bool:
        """A model that only renames and casts is a view, and so is one that declares it; everything else is a table."""
        return self.is_no_table or self.kind in (STAGING, FIVETRAN)


@cache  # the same text is the same model, and parsing all of them takes half a second
def parse_model(kind: str, name: str, sql: str) -> Model:
    """Return the model that a file's text describes.

    The first line is a comment: the grain ("One row per ..."), for a check its severity and claim ("error: ...").
    Before the query, a line `-- incremental: conversation_id` says by which column it can be built incrementally, one
    `-- view: …` that and why it is no table, one `-- ephemeral: …` that and why it is a part of what reads it, one
    `-- halves: …` that and why it may be built in halves, one `-- question: …?` what the model answers. Raises
    ModelError for a missing first line, an unknown severity, a key that is no column, an ephemeral check, halves of
    what is not built by conversations, or SQL that is not one SELECT.
    """
    where = f"{kind}/{name}.sql"
    first_line = sql.split("\n", 1)[0]
    if not first_line.startswith("-- "):
        raise ModelError(f"{where}: the first line must say the grain, such as: -- One row per conversation.")
    headline = first_line.removeprefix("-- ").strip()
    severity = ""
    if kind == CHECKS:
        severity, _, headline = (part.strip() for part in headline.partition(":"))
        if severity not in SEVERITIES:
            raise ModelError(f"{where}: the first line must start with 'error:' or 'warn:'")
    query = _one_select(where, sql)
    header = HEADER.match(sql)[0]  # type: ignore[index]  # it matches nothing, too
    declared = INCREMENTAL.search(header)
    key = declared[1] if declared else ""
    if key and key not in KEYS:
        raise ModelError(f"{where}: incremental by {key}: it can be by {', '.join(KEYS)}")
    if key and key not in query.named_selects:
        raise ModelError(f"{where}: it is incremental by {key}, which is none of its columns")
    is_ephemeral = bool(EPHEMERAL.search(header))
    if is_ephemeral and kind == CHECKS:
        raise ModelError(f"{where}: a check cannot be ephemeral: nothing reads it, and it would never be run")
    has_halves = bool(HALVES.search(header))
    reads_raw_tables = any(table.db == RAW for table in tables_read(query))
    if has_halves and (key != CONVERSATION or reads_raw_tables):
        # a raw table is read whole by both
        raise ModelError(f"{where}: only what is incremental by {CONVERSATION}, and reads no raw table, has halves")
    asked = QUESTION.search(header)
    question = asked[1] if asked else ""
    return Model(
        name,
        kind,
        headline,
        query,
        references(query),
        severity,
        key,
        is_no_table=bool(VIEW.search(header)),
        is_ephemeral=is_ephemeral,
        has_halves=has_halves,
        question=question,
        meanings=_meanings(query, sql),
    )


def tables_read(query: exp.Expr) -> list[exp.Table]:
    """Return the table nodes of a query that name a table of ours: raw, model or seed.

    CTEs are not among them, nor tables of another schema (`crm.accounts`) and functions (`range(10)`), which stay as
    they are written.
    """
    tables = [table for table in query.find_all(exp.Table) if table.name]
    return [table for table in tables if table.db == RAW or not (table.db or _is_cte(table))]


def _is_cte(table: exp.Table) -> bool:
    """Return True if a name in a model means a CTE at this place: a CTE may have a model's name and read that model."""
    name = table.name.casefold()
    below: exp.Expr = table
    while (node := below.parent) is not None:
        if any(cte.alias.casefold() == name for cte in _ctes_seen(node, below)):
            return True
        below = node
    return False


def _ctes_seen(node: exp.Expr, below: exp.Expr) -> Iterable[exp.Expr]:
    """Return a model's CTEs that can be read in the part `below` a node: of a WITH, those before; of a query, all."""
    if isinstance(node, exp.With):
        return node.expressions if node.recursive else takewhile(lambda cte: cte is not below, node.expressions)
    ctes = node.args.get("with_")
    return ctes.expressions if ctes is not None and ctes is not below else ()


def raw_tables(models: Iterable[Model]) -> list[str]:
    """Return the names of the raw tables that these models read, in alphabetical order."""
    return sorted({table.name for model in models for table in tables_read(model.query) if table.db == RAW})


def _one_select(where: str, sql: str) -> exp.Query:
    try:
        statements: Sequence[exp.Expr | None] = sqlglot.parse(sql, read="duckdb")
    except sqlglot.errors.ParseError as error:
        raise ModelError(f"{where}: {error}") from error
    queries = [statement for statement in statements if isinstance(statement, exp.Query)]
    if len(queries) != 1 or len(statements) != 1:
        raise ModelError(f"{where}: a model is exactly one SELECT")
    for node in queries[0].walk():
        node.comments = None  # a line comment in the middle of a generated statement helps nobody
    return queries[0]


def _meanings(query: exp.Query, sql: str) -> dict[str, str]:
    """Return what the comment at the end of a column's line in a model says, for the columns that the query gives."""
    found = {match[1]: match[2].strip() for match in COLUMN_COMMENT.finditer(sql)}
    return {name: found[name] for name in query.named_selects if name in found}


def references(query: exp.Expr) -> frozenset[str]:
    """Return the names of the models and seeds that a query reads."""
    return frozenset(table.name for table in tables_read(query) if table.db != RAW)


def names(models: Iterable[Model]) -> list[str]:
    """Return the models' names, in the given order."""
    return [model.name for model in models]
