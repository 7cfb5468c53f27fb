"""Our metrics against Intercom's own statistics, as the model qa_reconciliation compares them."""

from dataclasses import asdict, dataclass

import dlt
from dlt.destinations.exceptions import DatabaseUndefinedRelation

from pipelines.destination.target import Target

METRICS = "qa_reconciliation"


@dataclass(frozen=True)
class Agreement:
    """The agreement in one metric: how many conversations were compared, and in how many both values are the same."""

    metric: str
    count_compared: int
    count_equal: int

    @property
    def percent(self) -> float:
        """Share of conversations in agreement, in percent; never rounded up to 100."""
        return int(1000 * self.count_equal / self.count_compared) / 10

    def facts(self) -> dict[str, object]:
        """Return the agreement in a metric for machines."""
        return {**asdict(self), "differing": self.count_compared - self.count_equal, "percent": self.percent}


def agreements(pipeline: dlt.Pipeline, target: Target) -> list[Agreement] | None:
    """Return the agreement of each metric that is defined alike; None if the models are not built.

    It is that of the last build: repairs count after the next `transform`. No metric of conversations that lack parts
    is exact.
    """
    with pipeline.sql_client() as client, client.with_alternative_dataset_name(target.datasets.marts):
        sql = (
            "SELECT metric, count(*), sum(CASE WHEN is_equal THEN 1 ELSE 0 END) "  # noqa: S608 - our own name
            f"FROM {client.make_qualified_table_name(METRICS)} WHERE is_exact GROUP BY metric ORDER BY metric"
        )
        try:
            rows = client.execute_sql(sql) or []
        except DatabaseUndefinedRelation:
            return None
    return [Agreement(metric, int(compared), int(equal)) for metric, compared, equal in rows]
