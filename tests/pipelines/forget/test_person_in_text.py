"""A text names a person by a whole address, name or number: a part of it may be somebody else's."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.forget.person_in_text import PersonInText

ANN = PersonInText(["6af4c23b64fa", " Ann.Lee@example.com", "Ann Lee"], ["+49 30 123", "0", "10:00"], ["user-7"])


@pytest.mark.parametrize(
    "text",
    [
        "6AF4C23B64FA was merged",
        "wrote to ann.lee@example.com.",
        "<ANN.LEE@EXAMPLE.COM>, mailto:ann.lee@example.com",
        "Ann Lee's export",
        "called +49 30 123.",
        json.dumps({"external_id": "user-7"}),
        json.dumps("first\nAnn Lee\tlast"),
    ],
)
def test_who_is_named_is_found(text):
    assert ANN.is_named_in(text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "0 of 10 at 10:00",
        "joann.lee@example.com, jo.ann.lee@example.com, ann.lee@example.com.au, ann.lee@example.community",
        "Joann Lee, Ann Leeds",
        "called +49 30 1234",
        json.dumps({"external_id": "user-71", "of": "user-7 and others"}),
        "e6af4c23b64fa0",
    ],
)
def test_who_is_only_like_the_person_is_not(text):
    assert not ANN.is_named_in(text)


def test_nobody_is_named_anywhere():
    assert PersonInText([" "], ["12345"], [""]).texts == []
    assert not PersonInText([]).is_named_in("anything")


@given(word=st.text(min_size=1).filter(str.strip), around=st.text(alphabet=" ,;()\n'!?"))
def test_any_word_is_found_between_others(word, around):
    person = PersonInText([word])
    assert person.is_named_in(f"{around} {word} {around}") or chr(92) in word
