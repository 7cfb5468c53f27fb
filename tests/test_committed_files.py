"""What is committed is the same in every clone: neither what a machine makes for itself nor a way to it."""

import subprocess

import pytest

from tests.support.processes.checkout import GIT, ROOT

LINK = "120000"


@pytest.fixture(scope="module")
def listed():
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone: there is no list of what is committed")

    def listed(*options):
        lines = subprocess.run([GIT, "-C", ROOT, "ls-files", "-z", *options], check=True, capture_output=True).stdout
        return list(filter(None, lines.decode().split("\0")))

    return listed


def test_nothing_is_committed_that_is_to_be_ignored(listed):
    assert len(listed()) > 500
    assert listed("--cached", "--ignored", "--exclude-per-directory=.gitignore") == []


def test_environments_are_ignored_as_folders_and_as_links(tmp_path):
    subprocess.run([GIT, "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text((ROOT / ".gitignore").read_text())
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/pyvenv.cfg").touch()
    (tmp_path / ".venv-dev").symlink_to(tmp_path / ".venv")
    (tmp_path / ".uv").symlink_to(tmp_path / ".venv")
    status = subprocess.run([GIT, "-C", tmp_path, "status", "-s"], check=True, capture_output=True, text=True).stdout
    assert status.split() == ["??", ".gitignore"]


def test_no_link_is_committed(listed):
    assert [line for line in listed("--stage") if line.startswith(LINK)] == []


def test_no_file_names_the_folder_that_it_was_written_in(listed):
    if len(ROOT.parts) < 3:
        pytest.skip(f"{ROOT} is a name that may be meant otherwise")
    assert [name for name in listed() if str(ROOT) in (ROOT / name).read_text(errors="replace")] == []
