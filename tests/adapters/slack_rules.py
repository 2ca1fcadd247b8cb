"""What Slack would refuse: the limits of Block Kit, written down apart from the product's own.

Pages: docs.slack.dev/reference/block-kit/blocks, /reference/block-kit/block-elements, /reference/views,
/reference/block-kit/composition-objects, /reference/methods/chat.postMessage.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

Json = Mapping[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
_BLOCKS = {"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "markdown"}
_ELEMENTS = {
    "button", "checkboxes", "image", "overflow", "plain_text_input", "radio_buttons", "static_select",
    "url_text_input", "users_select", "datetimepicker",
}  # fmt: skip


class Wrong(Exception):
    """Slack would answer `invalid_blocks` or the like; says why."""


def check_message(asked: Json) -> None:
    """Raise `Wrong` where a message is more than Slack takes."""
    if not asked.get("text") and not asked.get("blocks"):
        raise Wrong("no_text")
    _most(asked.get("text", ""), 40_000, "text")
    _blocks(asked.get("blocks") or [], MESSAGE_BLOCKS, {"input"})
    if metadata := asked.get("metadata"):
        if not isinstance(metadata.get("event_type"), str) or not isinstance(
            metadata.get("event_payload"), dict
        ):
            raise Wrong("invalid_metadata_format")
        _most(json.dumps(metadata), 16_000, "metadata")


def check_view(view: Json) -> None:
    """Raise `Wrong` where a modal or a home is more than Slack takes."""
    if view["type"] not in {"modal", "home"}:
        raise Wrong(f"a view of the type {view['type']!r}")
    blocks = view.get("blocks", [])
    _blocks(blocks, VIEW_BLOCKS, set())
    _most(view.get("private_metadata", ""), 3000, "private_metadata")
    _most(view.get("callback_id", ""), 255, "callback_id")
    _most(view.get("external_id", ""), 255, "external_id")
    if view["type"] == "modal":
        _text(view["title"], 24, plain=True)
        for name in ("submit", "close"):
            if view.get(name):
                _text(view[name], 24, plain=True)
        if any(b["type"] == "input" for b in blocks) and not view.get("submit"):
            raise Wrong("a modal with an input needs a submit")
    _most(json.dumps(view), 250_000, "view")


def _blocks(blocks: Any, most: int, without: set[str]) -> None:
    if not isinstance(blocks, list) or len(blocks) > most:
        raise Wrong(f"blocks: at most {most} in a list")
    for block in blocks:
        if block["type"] not in _BLOCKS - without:
            raise Wrong(f"block of the type {block['type']!r}")
        _most(block.get("block_id", ""), 255, "block_id")
        _block(block)
    _unique((b["block_id"] for b in blocks if b.get("block_id")), "block_id")


def _block(block: Json) -> None:  # noqa: C901 one line a kind of block
    match block["type"]:
        case "header":
            _text(block["text"], 150, plain=True)
        case "section":
            _section(block)
        case "context":
            _count(block["elements"], 10, "context elements")
            for one in block["elements"]:
                _element(one) if one["type"] == "image" else _text(one, 3000)
        case "actions":
            _count(block["elements"], 25, "actions elements")
            for one in block["elements"]:
                _element(one)
            _unique((e["action_id"] for e in block["elements"] if e.get("action_id")), "action_id")
        case "input":
            _text(block["label"], 2000, plain=True)
            if block.get("hint"):
                _text(block["hint"], 2000, plain=True)
            _element(block["element"])
        case "markdown":
            _most(block["text"], 12_000, "markdown")
        case "rich_text":
            _rich(block)
        case _:
            pass


def _rich(element: Json) -> None:
    """Every run of rich text says something, and every list of elements has one."""
    if element["type"] == "text" and not element["text"]:
        raise Wrong("an empty text in rich text")
    if element["type"].startswith("rich_text") and not element["elements"]:
        raise Wrong("rich text without elements")
    for one in element.get("elements", ()):
        _rich(one)


def _section(block: Json) -> None:
    if not block.get("text") and not block.get("fields"):
        raise Wrong("a section needs a text or fields")
    if block.get("text"):
        _text(block["text"], 3000)
    if "fields" in block:
        _count(block["fields"], 10, "fields")
        for one in block["fields"]:
            _text(one, 2000)
    if accessory := block.get("accessory"):
        _element(accessory)


def _element(one: Json) -> None:
    kind = one["type"]
    if kind not in _ELEMENTS:
        raise Wrong(f"element of the type {kind!r}")
    _most(one.get("action_id", ""), 255, "action_id")
    if one.get("placeholder"):
        _text(one["placeholder"], 150, plain=True)
    if confirm := one.get("confirm"):
        _text(confirm["title"], 100, plain=True)
        _text(confirm["text"], 300)
        _text(confirm["confirm"], 30, plain=True)
        _text(confirm["deny"], 30, plain=True)
    match kind:
        case "button":
            _button(one)
        case "plain_text_input":
            most = one.get("max_length", 3000)
            if not 1 <= most <= 3000:
                raise Wrong("max_length: 1 to 3000")
            _most(one.get("initial_value", ""), most, "initial_value")
        case "static_select" | "radio_buttons" | "checkboxes" | "overflow":
            _options(one)
        case _:
            pass


def _button(one: Json) -> None:
    _text(one["text"], 75, plain=True)
    _most(one.get("value", ""), 2000, "value")
    _most(one.get("url", ""), 3000, "url")
    _most(one.get("accessibility_label", ""), 75, "accessibility_label")
    if one.get("style", "primary") not in {"primary", "danger"}:
        raise Wrong(f"style {one['style']!r}")


def _options(one: Json) -> None:
    most = {"static_select": 100, "overflow": 5}.get(one["type"], 10)
    groups = one.get("option_groups")
    if (groups is None) == ("options" not in one) or (groups is not None and one["type"] != "static_select"):
        raise Wrong("options or, in a select, option_groups: expected exactly one of them")
    if groups is not None:
        _count(groups, 100, "option_groups")
        for group in groups:
            _text(group["label"], 75, plain=True)
    lists = [one["options"]] if groups is None else [group["options"] for group in groups]
    for options in lists:
        _count(options, most, "options")
    options = [option for options in lists for option in options]
    for option in options:
        _option(option)
    _unique((option["value"] for option in options), "option value")
    initial = one.get("initial_option")
    if initial is not None and initial not in options:
        raise Wrong("initial_option: expected exactly one of the options")


def _option(option: Json) -> None:
    _text(option["text"], 75)
    _most(option["value"], 150, "option value")
    if option.get("description"):
        _text(option["description"], 75)


def _text(text: Json, most: int, *, plain: bool = False) -> None:
    if text["type"] not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
        raise Wrong(f"text of the type {text['type']!r}")
    if not text["text"]:
        raise Wrong("an empty text")
    _most(text["text"], most, "text")


def _most(text: str, most: int, what: str) -> None:
    if not isinstance(text, str) or len(text.encode("utf-16-le")) // 2 > most:
        raise Wrong(f"{what}: at most {most} characters")


def _count(items: Any, most: int, what: str) -> None:
    if not 1 <= len(items) <= most:
        raise Wrong(f"{what}: 1 to {most}")


def _unique(names: Iterable[str], what: str) -> None:
    every = list(names)
    if len(every) != len(set(every)):
        raise Wrong(f"{what}: there twice")
