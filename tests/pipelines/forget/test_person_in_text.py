"""A text names a person by a whole address, name or number: a part of it may be somebody else's."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.forget.person_in_text import PersonInText, is_full

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


@pytest.mark.parametrize(
    ("name", "longer"),
    [("Maria Garcia", "Maria Garcia Lopez"), ("Maria Garcia", "Ana Maria Garcia"), ("山田", "山田太郎")],
)
def test_a_part_of_somebody_elses_longer_name_is_not_the_persons(name, longer):
    person = PersonInText([name], longer_names=[longer, f"{longer} Support"])
    assert not person.is_named_in(f"{longer.upper()} removed a tag, and {longer} support put it back")
    assert person.is_named_in(f"{longer} removed {name}")
    assert person.is_named_in(f"removed {name}, {longer}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("İbrahim Yılmaz", "Ada removed İBRAHİM YILMAZ"),  # noqa: RUF001
        ("ΟΔΥΣΣΕΥΣ ΠΑΠΠΑΣ", "removed ΟΔΥΣΣΕΥΣ ΠΑΠΠΑΣ's leads, Οδυσσευς Παππας"),
        ("ΟΔΥΣΣΕΥΣ ΠΑΠΠΑΣ", "removed Οδυσσευς Παππας"),
        ("山田太郎", "管理者が山田太郎を削除"),
        ("山田　太郎", "deleted 山田 太郎"),
        ("김민수", "김민수님을 삭제"),
        ("Ann\u00a0Lee", "管理者がann leeを削除"),
        ("ann@example.com", "管理者がann@example.comを削除"),
        ('Ann "Annie" Lee', json.dumps({"name": 'Ann "Annie" Lee'})),
        ("Ann/Lee Ltd", r'{"name":"Ann\/Lee Ltd"}'),
    ],
)
def test_a_name_is_found_in_whatever_letters_and_blanks_it_is_written(name, text):
    assert PersonInText([name]).is_named_in(text)


@pytest.mark.parametrize("name", ["Ann Lee", "Ann\u00a0Lee", "山田　太郎", "山田太郎", "김민수", "สมชาย"])
def test_a_name_of_several_words_or_written_without_blanks_is_a_full_one(name):
    assert is_full(name)


@pytest.mark.parametrize("name", ["", " ", "Ann", " Ann ", "Émile", "王"])
def test_a_first_name_alone_is_not(name):
    assert not is_full(name)


@pytest.mark.parametrize("own_id", ["1", "yes"])
def test_a_short_own_id_names_the_person_only_behind_its_key(own_id):
    person = PersonInText([], own_ids=[own_id])
    assert not person.is_named_in(json.dumps({"before": own_id, "after": "2", "external_id": f"{own_id}2"}))
    for key, separators in (("external_id", (",", ":")), ("user_id", None)):
        assert person.is_named_in(json.dumps({"contact": {key: own_id.upper()}}, separators=separators))


def test_nobody_is_named_anywhere():
    assert PersonInText([" "], ["12345"], [""]).texts == []
    assert not PersonInText([]).is_named_in("anything")


@given(word=st.text(min_size=1).filter(str.strip), around=st.text(alphabet=" ,;()\n'!?"))
def test_any_word_is_found_between_others(word, around):
    text = f"{around} {word} {around}".replace("\\", "\\\\")  # as JSON writes it
    assert PersonInText([word]).is_named_in(text)
