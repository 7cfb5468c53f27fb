"""Models after an erasure: those of one's own forget too, and one that fails keeps nobody from being forgotten."""

import duckdb
import pytest

from pipelines.destination.target import Target
from pipelines.forget.rebuild import rebuild
from pipelines.run.build_models import build_models
from tests.support.databases.byte_search import found
from tests.support.someone import KILLED, QUIET, erased, places, scalar
from transforms import BuildOptions, Settings


def test_own_models_forget_too_also_when_their_files_are_gone_or_cannot_be_built(target, someone, tmp_path):
    remembered = f"SELECT count(*) FROM intercom_staging.built_conversations WHERE version LIKE '%{someone.email}%'"
    assert scalar(target, remembered) > 0
    for name in ("stays", "gone"):
        (tmp_path / f"{name}.sql").write_text("-- One row per contact.\nselect email from stg_contacts\n")
    settings = Settings(models_folder=tmp_path)
    build_models(target.pipeline(), target, QUIET, BuildOptions("stays gone", settings))
    (tmp_path / "gone.sql").unlink()
    incremental = (
        "-- One row per conversation.\n-- incremental: conversation_id\nselect conversation_id, 1 / title as n"
    )
    (tmp_path / "fails.sql").write_text(f"{incremental} from fct_conversations\n")
    emails = f"SELECT count(*) FROM intercom.{{}} WHERE email = '{someone.email}'"
    assert scalar(target, emails.format("gone")) == 1
    forgetting = erased(target, someone.id, settings)
    assert [model.name for model in forgetting.build.failed_models] == ["fails"]
    assert scalar(target, emails.format("stays")) == 0
    assert scalar(target, "SELECT count(*) FROM intercom.stays") > 0
    assert scalar(target, "SELECT count(*) FROM intercom.gone") == 0
    assert found(someone.secrets, *places(target)) == [], "nor in what builds remember"
    assert build_models(target.pipeline(), target, QUIET).is_ok


@pytest.mark.parametrize("destination", ["motherduck", "ducklake"])
def test_duckdb_under_another_name_keeps_tables_of_others_and_empties_own_models_too(target, tmp_path, destination):
    (tmp_path / "gone.sql").write_text("-- One row per contact.\nselect email from stg_contacts\n")
    pipeline = target.pipeline()
    build_models(pipeline, target, QUIET, BuildOptions("gone", Settings(models_folder=tmp_path)))
    with duckdb.connect(str(target.database)) as connection:
        connection.execute("DELETE FROM intercom_staging.built_models WHERE name = 'dim_contacts'")
        connection.execute("CREATE OR REPLACE TABLE intercom.dim_contacts AS SELECT 'theirs' AS of_whom")
    with pytest.raises(KeyboardInterrupt):  # what is built then is the same as in any file
        rebuild(pipeline, Target(destination), KILLED, None)
    assert scalar(target, "SELECT of_whom FROM intercom.dim_contacts") == "theirs"
    assert scalar(target, "SELECT count(*) FROM intercom.gone") == 0


def test_own_models_that_cannot_be_read_keep_nobody_from_being_forgotten(target, someone, tmp_path):
    settings = Settings(models_folder=tmp_path / "own")
    settings.models_folder.mkdir()
    (settings.models_folder / "broken.sql").write_text("-- One row per contact.\nselect from where")
    forgetting = erased(target, someone.id, settings)
    (own,) = forgetting.build.failed_models
    assert "broken.sql" in own.error
    assert scalar(target, "SELECT count(*) FROM intercom.fct_conversations") > 0, "everybody else's"
    assert found(someone.secrets, *places(target)) == []
    assert scalar(target, "SELECT count(*) FROM forgotten_records WHERE completed_at IS NULL") == 0
