"""docs/metrics.md names columns that exist, and every figure of Intercom's statistics."""

import re
from pathlib import Path

import pytest

from transforms.runner.model_graph.shipped_models import read_models

DOCUMENT = Path("docs/metrics.md").read_text(encoding="utf-8")
TABLES = Path("docs/tables.md").read_text(encoding="utf-8")
MODELS = {model.name: model.query.named_selects for model in read_models()}
MENTIONED = sorted(set(re.findall(r"`((?:fct|dim|int|qa|stg)_\w+)(?:\.(\w+))?", DOCUMENT)))


@pytest.mark.parametrize(("model", "column"), MENTIONED)
def test_a_column_that_it_names_exists(model, column):
    assert model in MODELS
    assert not column or column in MODELS[model]


def test_it_defines_every_figure_that_the_api_sends():
    """Which are those that the reconciliation compares."""
    sent = set(re.findall(r"statistics__(\w+)", TABLES)) - {"type"}
    compared = set(re.findall(r"'(\w+)' as metric", Path("transforms/models/marts/qa_reconciliation.sql").read_text()))
    conversation = {name for name in sent if name.startswith(("first_", "last_", "time_", "count_", "median_"))}
    assert compared == conversation
    assert [name for name in sorted(compared) if f"`{name}`" not in DOCUMENT] == []
