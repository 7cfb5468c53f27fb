"""The documentation as a test reads it: pages with their links, headings, commands and blocks of code."""

import re
import shlex
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[3]
BLOCK = re.compile(r"(<!-- not run here: [^>]+ -->\n)?^```([\w ]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|(?:srcset|src)=\"([^\"]+)\"")
CALLS = ("./run intercom-elt", "intercom-elt")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "simulator" / "README.md"]


@dataclass(frozen=True)
class Block:
    """A block of code: its language, its text, and whether it is run here."""

    language: str
    text: str
    is_run: bool


class Page:
    """One page of Markdown."""

    def __init__(self, path):
        self.path = path
        self.text = path.read_text(encoding="utf-8")

    @cached_property
    def blocks(self):
        return [Block(language.strip(), text, not mark) for mark, language, text in BLOCK.findall(self.text)]

    @cached_property
    def prose(self):
        """The text without its blocks."""
        return BLOCK.sub("", self.text)

    @cached_property
    def links(self):
        return [one or other for one, other in LINK.findall(self.prose)]

    @cached_property
    def anchors(self):
        """What links can name in this page, by the rule of GitHub."""
        headings = re.findall(r"^#+ (.+)$", self.prose, re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}

    def commands(self):
        """The commands of this product, each as its arguments: in blocks a line, in prose between backticks."""
        lines = [line for block in self.blocks if block.language in ("sh", "cron") for line in whole_lines(block.text)]
        return [arguments for text in [*lines, *re.findall(r"`([^`\n]+)`", self.prose)] if (arguments := called(text))]


def whole_lines(text):
    """The lines of a shell block; one that a backslash cuts is one."""
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]


def called(text):
    """The arguments of a call of `intercom-elt` in a line of shell, None where there is none."""
    if text.startswith(("kubectl", "docker")):  # things of theirs may have our name
        return None
    found = re.search(r"(?:^|\s)(?:\./run (?:--extra \w+ )?)?intercom-elt (?=[a-z\-])(.*)", text)
    if found is None:
        return None
    words = shlex.shlex(found[1], posix=True, punctuation_chars=True)
    words.whitespace_split = True
    arguments = []
    for word in words:
        if re.fullmatch(r"[|&;<>]+", word) or word.startswith("#"):
            break
        arguments.append(word)
    return arguments
