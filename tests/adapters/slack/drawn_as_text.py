"""Slack's blocks as text, about as a reader sees them, and the pictures of docs/slack.md made of it.

`python -m tests.adapters.slack.drawn_as_text` draws the page's pictures again, as the adapter draws now.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.adapters.slack.examples import EXAMPLES

Json = dict[str, Any]

PAGE = Path(__file__).parents[3] / "docs" / "slack.md"
#: Between a line that names an example and the next fence stands its picture.
PICTURE = re.compile(
    r"(?<=<!-- drawn: )(?P<name>\w+)(?P<fence> -->\n```text\n)(?P<text>.*?)(?=\n```\n)", re.DOTALL
)
_WIDTH = 104
_INVISIBLE = str.maketrans("", "", "\u2068\u2069\u2060")
_DATE = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")
_BOLD = re.compile(r"\*(.+?)\*")


def as_text(blocks: Iterable[Json]) -> str:
    """Return blocks as text: buttons in brackets, a bar beside quotations, marks for what stands out."""
    lines = [line for block in blocks for line in _BLOCKS[block["type"]](block)]
    return "\n".join(line.rstrip() for line in lines).translate(_INVISIBLE)


def _wrapped(text: str, first: str = "", then: str = "") -> list[str]:
    return [
        piece
        for line in text.split("\n")
        for piece in textwrap.wrap(line, _WIDTH, initial_indent=first, subsequent_indent=then) or [first]
    ]


def _words(text: Json) -> str:
    if text["type"] == "plain_text":
        return str(text["text"])
    words = _BOLD.sub(r"\1", _DATE.sub(r"\1", text["text"]))
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _header(block: Json) -> list[str]:
    return [_words(block["text"])]


def _section(block: Json) -> list[str]:
    found = _wrapped(_words(block["text"]))
    beside = _element(block["accessory"]) if "accessory" in block else ""
    return [f"{found[0]}   {beside}", *found[1:]] if beside else found


def _context(block: Json) -> list[str]:
    return [_words(element) for element in block["elements"]]


def _actions(block: Json) -> list[str]:
    # What stands between brackets is one button: it is not broken.
    joined = "   ".join(_element(element).replace(" ", "\xa0") for element in block["elements"])
    return [line.replace("\xa0", " ") for line in _wrapped(joined)]


def _element(element: Json) -> str:
    match element["type"]:
        case "overflow":
            options = " · ".join(_words(option["text"]) for option in element["options"])
            return f"[ ⋯ {options} ]"
        case "static_select":
            return f"[ {_words(element['placeholder'])} ▾ ]"
        case _:
            return f"[ {_words(element['text'])} ]"


def _rich_text(block: Json) -> list[str]:
    return [line for element in block["elements"] for line in _rich(element)]


def _rich(element: Json) -> list[str]:
    match element["type"]:
        case "rich_text_list":
            return [
                line
                for row in element["elements"]
                for line in _wrapped("".join(map(_run, row["elements"])), "• ", "  ")
            ]
        case "rich_text_quote":
            return _wrapped("".join(_marked(run) for run in element["elements"]), "│ ", "│ ")
        case _:
            return _wrapped("".join(map(_run, element["elements"])))


def _run(run: Json) -> str:
    if run["type"] == "date":
        return str(run["fallback"])
    return f"“{run['text']}”" if run.get("style", {}).get("code") else str(run["text"])


def _marked(run: Json) -> str:
    style = run.get("style", {})
    for name, mark in (("strike", "~~"), ("underline", "__"), ("bold", "**")):
        if style.get(name):
            return f"{mark}{run['text']}{mark}"
    return _run(run)


_BLOCKS: Mapping[str, Callable[[Json], list[str]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich_text,
    "divider": lambda _: ["─" * 40],
}


def pictures() -> dict[str, str]:
    """Return every example as text, by its name."""
    return {name: as_text(example().blocks) for name, example in EXAMPLES.items()}


def drawn(page: str) -> str:
    """Return the page with its pictures as they have to be."""
    now = pictures()
    return PICTURE.sub(lambda found: f"{found['name']}{found['fence']}{now[found['name']]}", page)


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
