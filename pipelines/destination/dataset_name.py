"""Which names of `--dataset` can be used: four datasets are called after it, in every database."""

from dataclasses import astuple

from dlt.common.normalizers.naming.snake_case import NamingConvention

from pipelines.exit_code import ExitCode
from pipelines.stop import Stop
from transforms.runner.warehouse.datasets import Datasets

DEFAULT_DATASET = "intercom"
LONGEST_DATASET = 63 - len("_raw_staging")  # a name of PostgreSQL has 63 bytes
_ENDINGS = ("_raw", "_staging", "_fivetran")
_RESERVED = frozenset({"information_schema", "pg_catalog", "main", "temp", "system", "public"})


def check_dataset(given: str, datasets: Datasets) -> None:
    """Raise Stop unless `datasets`, named after what was `given`, can be made and found again.

    A name that dlt normalizes would be loaded under one name and looked for under another.
    """
    base = datasets.marts
    usable = NamingConvention().normalize_identifier(base) if base.strip() else DEFAULT_DATASET
    if base != usable:
        message = f"--dataset {given!r} cannot be used; write it with small letters, digits and _: {usable}."
        raise Stop(message, ExitCode.WRONG_USE)
    if base.endswith(_ENDINGS):
        message = f"--dataset {given!r} cannot be used: names that end in {', '.join(_ENDINGS)} are those of "
        raise Stop(f"{message}datasets of another one.", ExitCode.WRONG_USE)
    if len(base) > LONGEST_DATASET:
        message = f"--dataset {given!r} is too long: PostgreSQL would cut the names of its schemas, and mix "
        raise Stop(f"{message}them up. Choose one of at most {LONGEST_DATASET} letters.", ExitCode.WRONG_USE)
    if reserved := next((name for name in astuple(datasets) if _is_reserved(name)), None):
        message = f"{reserved} is a name that databases keep for themselves; choose another --dataset."
        raise Stop(message, ExitCode.WRONG_USE)


def _is_reserved(dataset: str) -> bool:
    return dataset in _RESERVED or dataset.startswith("pg_")
