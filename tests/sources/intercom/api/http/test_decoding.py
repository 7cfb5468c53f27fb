"""From bytes to JSON: what means one thing is read, however it is written, and nothing else."""

import json
import re
import time

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.intercom.api.http.decoding import decoded
from sources.intercom.rows.validation import is_too_deep

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('\\"\0\n\x1f,]}'))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=12,
)
ESCAPED = re.compile(r"\\(?:u00([01][0-9a-f])|([bfnrt])|(.))")
BY_LETTER = dict(zip("bfnrt", "\b\f\n\r\t", strict=True))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_a_byte_order_mark_is_no_part_of_json(encoding):
    assert decoded('{"a": "é"}'.encode(encoding)) == {"a": "é"}


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("1e999", "1e999"),
        ("-1e999", "-1e999"),
        ("9" * 400, "9" * 400),
        ("1" + "0" * 5_000, "1" + "0" * 5_000),
        ("NaN", None),
        ("Infinity", None),
        ("-Infinity", None),
    ],
)
def test_a_number_that_nothing_holds_spoils_no_other_value(number, read):
    assert decoded(f'{{"a": {number}, "b": [1, 2.5, true]}}'.encode()) == {"a": read, "b": [1, 2.5, True]}


def test_a_byte_that_is_no_character_spoils_no_other_value():
    assert decoded(b'{"a": "\xff", "b": "\xc3\xa9"}') == {"a": "\ufffd", "b": "é"}
    assert decoded(b"\xff\xfe") is None


@given(
    st.integers(-(10**24), 10**24) | st.sampled_from([2**63, -(2**63), -(2**63) - 1, 2**64 - 1, 2**64]),
    st.sampled_from(["", " ", "\t", "\r\n", "\n  "]),
)
def test_an_integer_is_exact_or_a_text_of_its_digits(number, before):
    is_held = -(2**63) <= number < 2**64
    assert decoded(f'{{"id":{before}{number},"ids":[{before}{number},{before}{number}]}}'.encode()) == {
        "id": number if is_held else str(number),
        "ids": [number if is_held else str(number)] * 2,
    }


def test_one_number_of_nineteen_digits_does_not_make_the_whole_answer_slow():
    def seconds(number):
        content = json.dumps({"data": [{"name": "x" * 100, "of": {"a": 1}}] * 2_000 + [{"id": number}]}).encode()
        took = []
        for _ in range(5):
            began_at = time.process_time()
            assert decoded(content)["data"][-1] == {"id": number}
            took.append(time.process_time() - began_at)
        return min(took)

    assert 3 * seconds(10**18) < seconds(-(10**18)), "a negative one is looked at"


@given(
    st.binary(max_size=60) | st.recursive(st.none() | st.text(), st.lists).map(lambda value: json.dumps(value).encode())
)
def test_any_body_is_json_that_can_be_written_or_none(content):
    data = decoded(content)
    assert orjson.loads(orjson.dumps(data)) == data


@pytest.mark.parametrize("depth", [500, 1_100, 100_000])
def test_of_a_thousand_nested_lists_it_is_still_known_that_they_are_too_deep(depth):
    data = decoded(b'{"a": ' + b"[" * depth + b"]" * depth + b"}")
    assert data.keys() == {"a"}
    assert is_too_deep(data["a"])


def with_raw_controls(value):
    """Return JSON whose control characters are not escaped."""

    def raw(found):
        code, letter, other = found.groups()
        return found[0] if other else chr(int(code, 16)) if code else BY_LETTER[letter]

    return ESCAPED.sub(raw, json.dumps(value, ensure_ascii=False))


def with_last_commas(text):
    """Return JSON with a comma behind the last value of each list and object that is not empty."""
    return re.sub(
        r'"(?:[^"\\]|\\.)*"|(?<![\[{])([\]}])',
        lambda found: f", {found[1]}" if found[1] else found[0],
        text,
        flags=re.S,
    )


def without_nul(value):
    if isinstance(value, dict):
        return {without_nul(name): without_nul(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [without_nul(inner) for inner in value]
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


@given(value=JSON, has_last_commas=st.booleans(), around=st.text("\0\ufeff \x0b\x1e\xa0\n", max_size=3))
def test_control_characters_and_last_commas_lose_nothing(value, has_last_commas, around):
    value = {"value": value}  # as every answer is: the NUL of a text alone would look like UTF-16
    written = with_raw_controls(value)
    written = with_last_commas(written) if has_last_commas else written
    assert decoded((written + around).encode()) == without_nul(value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32-le"])
def test_an_escaped_nul_is_no_nul_in_any_encoding(encoding):
    assert decoded(r'{"a\u0000": ["\\u0000\u0000", "x\u0000"]}'.encode(encoding)) == {
        "a\ufffd": ["\\u0000\ufffd", "x\ufffd"]
    }


@pytest.mark.parametrize(
    "text",
    [
        "{} {}",
        '{"id": "1"} trailing',
        '{"a": 1',
        "[1,,]",
        "[,]",
        "[1,,2]",
        '{"a",}',
        '{"a": ,}',
        '"a" "b"',
        "[007]",
        "{'a': 1}",
        '["C:\\dir"]',
        "",
    ],
)
def test_what_is_cut_or_could_mean_two_things_is_no_json(text):
    assert decoded(text.encode()) is None
