"""The package of the Teams app: it names what is there, asks for what is used, and is the same each time."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import Any, cast

import pytest

from adapters.chat.teams.commands import HOME
from adapters.chat.teams.package import COMMANDS, ICONS, endpoint, manifest, package
from adapters.chat.teams.pasted import COMMAND
from adapters.chat.typed import Typed
from bot.errors import BadInput
from bot.ports import Bot
from tests.adapters.msteams import APP

URL = "https://levelhead.example.com"


def opened(url: str = URL) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(package(APP, url)))


def pixels(png: bytes) -> tuple[int, int, list[tuple[int, ...]]]:
    """Width, height and RGBA of an icon, as far as PNG goes in ours: 8 bits, four parts, no interlacing."""
    width, height, *kind = struct.unpack(">IIBBBBB", png[16:29])
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert kind == [8, 6, 0, 0, 0]
    at, packed = 8, b""
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        packed += png[at + 8 : at + 8 + size] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += size + 12
    raw, above, found = zlib.decompress(packed), bytes(width * 4), []
    for row in range(height):
        start = row * (width * 4 + 1)
        above = _row(raw[start], raw[start + 1 : start + 1 + width * 4], above)
        found += [tuple(above[n : n + 4]) for n in range(0, width * 4, 4)]
    return width, height, found


def _row(how: int, line: bytes, above: bytes) -> bytes:
    made = bytearray()
    for n, byte in enumerate(line):
        left, corner = (made[n - 4], above[n - 4]) if n >= 4 else (0, 0)
        made.append((byte + _guess(how, left, above[n], corner)) % 256)
    return bytes(made)


def _guess(how: int, left: int, up: int, corner: int) -> int:
    if how < 4:
        return [0, left, up, (left + up) // 2][how]
    return min((left, up, corner), key=lambda one: abs(left + up - corner - one))


def test_three_files_stand_at_the_root_of_the_zip() -> None:
    with opened() as archive:
        assert archive.namelist() == ["manifest.json", *ICONS]
        assert archive.testzip() is None
        assert json.loads(archive.read("manifest.json")) == manifest(APP, URL)


def test_the_same_input_gives_the_same_bytes_whenever_it_is_made() -> None:
    assert package(APP, URL) == package(APP, f"{URL}/teams/messages")
    assert package(APP, URL) != package(APP, "https://other.example.com")
    with opened() as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_coloured_icon_is_as_large_as_teams_wants_it() -> None:
    with opened() as archive:
        width, height, dots = pixels(archive.read(manifest(APP, URL)["icons"]["color"]))
    assert (width, height) == (192, 192)
    assert {alpha for *_, alpha in dots} == {255}, "a square that is full to its edges"


def test_the_outline_is_white_on_nothing() -> None:
    with opened() as archive:
        width, height, dots = pixels(archive.read(manifest(APP, URL)["icons"]["outline"]))
    assert (width, height) == (32, 32)
    assert {tuple(colour) for *colour, alpha in dots if alpha} == {(255, 255, 255)}
    assert {0, 255} <= {alpha for *_, alpha in dots}


def test_the_menu_has_every_command_that_the_bots_chat_takes_and_no_other() -> None:
    assert {name for name, _ in COMMANDS} == {*Typed(cast("Bot", None)).verbs, HOME[0]}


def test_the_menu_stands_in_the_bots_own_chat_alone() -> None:
    (bot,) = manifest(APP, URL)["bots"]
    assert bot["scopes"] == ["team", "personal"]
    assert [one["scopes"] for one in bot["commandLists"]] == [["personal"]]
    assert len(COMMANDS) <= 12
    assert all(len(name) <= 32 and len(does) <= 128 for name, does in COMMANDS)


def test_the_action_on_a_message_is_the_one_that_is_answered() -> None:
    (extension,) = manifest(APP, URL)["composeExtensions"]
    (command,) = extension["commands"]
    assert (command["id"], command["type"], command["context"]) == (COMMAND, "action", ["message"])
    assert command["fetchTask"] is True, "its form is asked for when it is opened"


def test_it_asks_for_no_right_to_read_what_does_not_name_it() -> None:
    made = manifest(APP, URL)
    assert "authorization" not in made
    assert "webApplicationInfo" not in made
    assert "permissions" not in made, "it asks for none"


@pytest.mark.parametrize(
    ("given", "host", "posted"),
    [
        (URL, "levelhead.example.com", f"{URL}/teams/messages"),
        (f"{URL}/", "levelhead.example.com", f"{URL}/teams/messages"),
        ("https://example.com:8443/levelhead/", "example.com",
         "https://example.com:8443/levelhead/teams/messages"),
    ],
)  # fmt: skip
def test_only_our_own_host_is_named(given: str, host: str, posted: str) -> None:
    made: dict[str, Any] = manifest(APP, given)
    assert made["validDomains"] == [host]
    assert endpoint(given) == posted
    assert {made["id"], made["bots"][0]["botId"], made["composeExtensions"][0]["botId"]} == {APP}


@pytest.mark.parametrize(
    "url", ["", "levelhead.example.com", "http://levelhead.example.com", "https://me@example.com",
            "https://example.com/?a=b", "https://[example"],
)  # fmt: skip
def test_an_address_that_teams_does_not_post_to_is_refused(url: str) -> None:
    with pytest.raises(
        BadInput, match=r"Teams posts to; expected one such as https://levelhead\.example\.com"
    ):
        package(APP, url)


def test_the_version_is_our_own_in_three_numbers() -> None:
    numbers = manifest(APP, URL)["version"].split(".")
    assert len(numbers) == 3
    assert all(number.isdigit() for number in numbers)
