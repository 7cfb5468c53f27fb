"""What every reader needs of a record: the path that leads to it."""

from urllib.parse import unquote

import httpx
from hypothesis import example, given
from hypothesis import strategies as st

from sources.intercom.api.record import path_of


@given(st.one_of(st.integers(), st.text(min_size=1).filter(lambda text: text.isprintable() and text.strip())))
@example("..")
@example(".")
@example("12?3")
@example("a/../b")
@example("5%2F6")
@example("line\nfeed")
def test_an_id_is_one_segment_of_a_path_whatever_is_in_it(record_id):
    request = httpx.Request("GET", f"http://localhost{path_of('/conversations', record_id)}")
    before, _, segment = request.url.raw_path.decode().rpartition("/")
    assert (before, unquote(segment)) == ("/conversations", str(record_id))
