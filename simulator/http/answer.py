"""An endpoint's answer that is not a plain JSON object with status 200."""

from dataclasses import dataclass
from http import HTTPStatus

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """Status, bytes and media type of an answer."""

    content: bytes
    status: int = 200
    media_type: str = JSON


def nginx_page(status: int) -> str:
    """The page that a server in front of the API answers when the API does not."""
    title = f"{status} {HTTPStatus(status).phrase}"
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
