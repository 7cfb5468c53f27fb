"""What is shown of others' texts holds no secret, nobody's address, and nothing that moves a terminal."""

import html
import json
import time
import unicodedata
from base64 import b64encode
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sources.intercom.api.call import Call
from sources.intercom.api.errors import NotFound, TokenRejected
from sources.intercom.api.http.refusals import failure_in
from sources.intercom.secrecy.safe_text import harmless, keep_secret, masked, safe_json, safe_line

TOKEN = "dG9rOmFiY2RlZl8xMjM0X2hpamtsbW5vcA=="  # noqa: S105 - made up, too
TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
PASSWORD_OF_NOBODY = "s3cr3t/with@signs"  # noqa: S105 - made up


@pytest.fixture(autouse=True)
def known():
    keep_secret(TOKEN)
    keep_secret(PASSWORD_OF_NOBODY)


@pytest.mark.parametrize(
    "text",
    [
        f"Invalid token: {TOKEN}",
        f"Invalid token {TOKEN[:20]}...",
        f"header 'Authorization: Bearer {TOKEN.upper()}'",
        f'{{"access_token": "{TOKEN}"}}',
        "token=dG9rOmFiY2RlZl8xMjM0X2hpamtsbW5vcA%3D%3D&x=1",
        f"could not connect to postgresql://loader:{PASSWORD_OF_NOBODY}@db.example.com:5432/company",
        "connect to postgresql://loader:s3cr3t%2Fwith%40signs@db.example.com/company failed",
        "https://ada:s3cr3t/with@proxy.example.com/ refused",
        "password=s3cr3t/with host=db",
        "GET /me answered 401 token=s3cr3t: no",
        'Basic auth: {"password": "s3cr3t/with"}',
        f"the end of it: {TOKEN[12:]}",
        f"in two lines: {TOKEN[:16]}\n{TOKEN[16:]}",
        f"escaped: {TOKEN}".replace("=", "\\u003d"),
        f"escaped twice: {quote(quote(TOKEN))}",
        f"Authorization: Basic {b64encode(f'{TOKEN}:'.encode()).decode()}",
        f"Authorization: Basic {b64encode(f'ada:{TOKEN}'.encode()).decode()}",
        f"<p>{html.escape(PASSWORD_OF_NOBODY)}</p>",
        f"as a form has it: {quote_plus(PASSWORD_OF_NOBODY)}",
        "host=h password='s3cr3t in words' dbname=x",
        "https://db.example.com/?sslmode=require&pass=s3cr3t&sig=s3cr3t&private_key=s3cr3t",
        """{"private_key": "-----BEGIN s3cr3t-----\\n", 'credentials': 's3cr3t'}""",
    ],
)
def test_no_secret_is_shown_however_it_is_written(text):
    shown = masked(text)
    assert "***" in shown
    encoded = b64encode(f"ada:{TOKEN}".encode()).decode(), b64encode(TOKEN.encode()).decode()
    for piece in (TOKEN[:9], TOKEN[:9].upper(), TOKEN[14:26], "s3cr3t", *(one[20:32] for one in encoded)):
        assert piece not in shown


def test_what_helps_is_still_there():
    shown = masked(f"could not connect to postgresql://loader:{PASSWORD_OF_NOBODY}@db.example.com:5432/company")
    assert shown == "could not connect to postgresql://***@db.example.com:5432/company"
    plain = "GET /contacts answered 403 api_plan_restricted: see https://developers.intercom.com:443/docs#token-scopes"
    assert masked(plain) == plain


@pytest.mark.parametrize("code", ["missing_authorization", "invalid_token"])
def test_what_explains_an_error_is_shown_whatever_its_code_is_called(code):
    error = TokenRejected(failure_in(Call("GET", "/me"), 401, {"errors": [{"code": code, "message": "Token Invalid"}]}))
    assert str(error).startswith(f"GET /me answered 401 {code}: Token Invalid. ")
    assert masked(str(error)) == str(error)
    assert masked(f"{error} {code}: s3cr3t") == f"{error} {code}: ***"


@pytest.mark.parametrize(
    "address",
    [
        *("ada@example.com", "ada%40example.co.uk", "ada.l+x@mail.example.com", "o'ada@example.com", "ada@intranet"),
        *(
            "ada%2540example.com",
            "ada\\u0040example.com",
            "ada&#64;example.com",
            "ada\uff20example.com",
            "ada@[10.0.0.1]",
        ),
        *('"ada l"@example.com', "ADA@EXAMPLE.COM".swapcase(), "ada@exämple.de"),
    ],
)
def test_no_address_of_a_person_is_shown(address):
    call, body = Call("GET", f"/visitors?email={address}"), {"errors": [{"message": f"no {address} here"}]}
    error = NotFound(failure_in(call, 404, body))
    assert address not in str(error)
    assert "ada" not in str(error)
    assert str(error).startswith("GET /visitors answered 404")


@given(st.text(min_size=1, max_size=3), st.sampled_from(["joe@a.com", "joe%40a.com", "joe@[10.0.0.1]"]))
@example("|", "joe@a.com")
@example("%2C", "joe%40a.com")
@example("'", "joe@a.com")
def test_no_address_is_shown_that_follows_another_one(between, first):
    shown = masked(f"{first}{between}ann@b.com")
    assert "joe" not in shown
    assert "ann" not in shown


def test_a_message_of_a_server_stays_one_line_without_signs_that_move_a_terminal():
    message = "no\x1b[2J\r\nsuch \u202egnp\u2066 thing\x07\x9b31m"
    assert safe_line(message) == "no\u241b[2J such \ufffdgnp\ufffd thing\u2407\ufffd31m"


@given(st.text())
def test_whatever_is_written_is_shown_harmlessly(text):
    shown = harmless(text)
    assert len(shown) == len(text)
    for character in shown:
        assert character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        assert unicodedata.bidirectional(character) not in TURNING


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_says_the_same(text):
    assert json.loads(safe_json(json.dumps({"text": text}, ensure_ascii=False))) == {"text": text}


@given(st.text(st.characters(whitelist_categories=["L", "N", "P", "S", "Zs"]), max_size=60))
def test_ordinary_words_are_shown_as_they_are(text):
    assert harmless(text) == text


@pytest.mark.parametrize(
    "piece",
    ["a", "o'", "'a", ".", "%25", "&#", "://", "https://a:", "a@", "a@b|", 'a@"', "token=", "token='a", "bearer "],
)
def test_a_long_text_takes_time_in_proportion_to_its_length(piece):
    """A server chooses what is masked, and everything else waits meanwhile."""
    short, long = (piece * (length // len(piece)) for length in (3_000, 48_000))
    assert seconds(long) < 64 * seconds(short)  # a sixteenth of it; with the square it would be 256 times


def seconds(text):
    """The least processor time of a few attempts to mask the text."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        masked(text)
        taken.append(time.process_time() - started)
    return max(min(taken), 0.0005)
