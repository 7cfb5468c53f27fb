"""dlt's pipeline on a destination whose schema dlt itself has written."""

import json
from collections.abc import Sequence
from contextlib import suppress

import dlt
from dlt.common.destination.client import WithStateSync
from dlt.common.schema import Schema
from dlt.common.schema.typing import SCHEMA_ENGINE_VERSION
from dlt.common.schema.utils import verify_schema_hash
from dlt.destinations.exceptions import DatabaseUndefinedRelation


class KnownPipeline(dlt.Pipeline):
    """A dlt pipeline that trusts the stored schema while its hash is unchanged.

    dlt would validate every column, which takes a tenth of a second: most of the start of a run.
    """

    def stored_schema(self) -> Schema | None:
        """Return the pipeline's schema as dlt has written it; None if there is none or it was changed."""
        with suppress(DatabaseUndefinedRelation):
            return self._unchanged(self.pipeline_name)
        return None

    def begin_with(self, schema: Schema) -> None:
        """Let a pipeline whose destination holds no state of dlt begin with a schema."""
        self._inject_schema(schema)

    def _get_schemas_from_destination(
        self, schema_names: Sequence[str], always_download: bool = False
    ) -> Sequence[Schema]:
        schemas = [self._unchanged(name) for name in schema_names] if always_download else [None]
        unchanged = [schema for schema in schemas if schema is not None]
        if len(unchanged) == len(schemas):
            return unchanged
        return super()._get_schemas_from_destination(schema_names, always_download)

    def _unchanged(self, name: str) -> Schema | None:
        """Return the schema that dlt has written for the pipeline; None if there is none or it was changed."""
        with self._maybe_destination_capabilities():
            empty = Schema(name)
        with self._get_destination_clients(empty)[0] as client:
            found = client.get_stored_schema(name) if isinstance(client, WithStateSync) else None
        stored = json.loads(found.schema) if found is not None else {}
        if stored.get("engine_version") != SCHEMA_ENGINE_VERSION or not verify_schema_hash(stored):
            return None
        return Schema.from_dict(stored, validate_schema=False)
