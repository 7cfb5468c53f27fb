"""A build that was killed has swapped models in, and has not recorded at its end that it did."""

from contextlib import nullcontext

import pytest

from transforms.runner.model_graph.model import parse_model
from transforms.runner.warehouse.inventory.built_models import BUILT_MODELS
from transforms.runner.warehouse.warehouse import Warehouse

pytestmark = pytest.mark.end_to_end
COLUMNS = {  # of an earlier build, of the killed one, of the next one
    "named": ("1 as a", "1 as a, 2 as b", "1 as a, 2 as c"),
    "star": ("t.* from crm.t", "u.* from crm.u", "t.* from crm.t"),
}


def make(house, sql, *, is_killed=False):
    model = parse_model("marts", "fct_mine", f"-- One row.\n{sql}")
    datasets = house.datasets
    with house.client as client:
        warehouse = Warehouse(client, house.dialect, datasets)
        warehouse.begin({model.name: datasets.marts, BUILT_MODELS: datasets.staging}, [model])
        with nullcontext() if is_killed else warehouse.remembering():
            warehouse.create_table(model)


@pytest.mark.parametrize("columns", COLUMNS.values(), ids=COLUMNS)
def test_the_columns_of_a_killed_build_are_its_own(anywhere, columns):
    anywhere.execute("create schema crm")
    anywhere.execute("create table crm.t as select 1 as a")
    anywhere.execute("create table crm.u as select 1 as a, 2 as b")
    earlier, killed, later = columns
    make(anywhere, f"select {earlier}")
    make(anywhere, f"select {killed}", is_killed=True)
    make(anywhere, f"select {later}")
    assert len(anywhere.execute("select * from intercom_staging.built_models")) == 1
    assert anywhere.execute("select * from intercom.fct_mine") == anywhere.execute(f"select {later}")
