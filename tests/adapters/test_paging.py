"""A page reaches somebody, says so where it does not, and shows its address to nobody."""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from adapters.paging import ApprisePager
from bot.errors import BadSettings, PlatformError, PlatformRejected, PlatformSilent
from tests.adapters.pages import SECRET, Phone, a_phone
from tests.stores import free_port


@pytest_asyncio.fixture
async def phone() -> AsyncIterator[Phone]:
    async with a_phone() as phone:
        yield phone


class Written(logging.Handler):
    """What a log would hold: everything from a warning on, with all that was put into it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def written() -> Iterator[list[str]]:
    handler = Written()
    logging.getLogger().addHandler(handler)
    yield handler.lines
    logging.getLogger().removeHandler(handler)


def pager(address: str, **more: float) -> ApprisePager:
    return ApprisePager(address, number=2, variable="LEVELHEAD_PAGER", **more)


async def test_a_page_arrives_with_its_title_and_its_words_as_they_are(phone: Phone) -> None:
    await pager(phone.address).page("Levelhead: trouble", "The channel <main> is *gone* & :smile: \\n")
    (paged,) = phone.paged
    assert paged["title"] == "Levelhead: trouble"
    assert paged["message"] == "The channel <main> is *gone* & :smile: \\n"


async def test_an_address_that_is_understood_is_checked_without_sending(phone: Phone) -> None:
    await pager(phone.address).check()
    assert phone.asked == []


@pytest.mark.parametrize("address", [f"nosuch://{SECRET}", "json://", f"https://example.com/{SECRET}"])
async def test_an_address_that_is_not_understood_is_named_by_number_and_scheme(address: str) -> None:
    scheme = address.partition("://")[0]
    with pytest.raises(BadSettings) as bad:
        await pager(address).check()
    assert f"LEVELHEAD_PAGER: apprise does not understand address 2, which begins with {scheme}://" in str(
        bad.value
    )
    with pytest.raises(PlatformRejected) as rejected:
        await pager(address).page("Title", "Words")
    assert str(rejected.value) == str(bad.value)
    assert SECRET not in str(bad.value)


@pytest.mark.parametrize(
    "address",
    [
        f"{SECRET}@example.com", SECRET, f"{SECRET}:x@example.com/?to=https://example.com", f"{SECRET}_x://a",
        f"{'x' * 22}://a", "",
    ],
)  # fmt: skip
async def test_what_only_may_be_a_scheme_is_not_shown(address: str) -> None:
    assert pager(address).name == "pager 2"
    with pytest.raises(BadSettings) as bad:
        await pager(address).check()
    assert "apprise does not understand address 2; expected one as its page" in str(bad.value)
    assert SECRET not in str(bad.value)


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_a_page_that_was_not_taken_is_said_and_not_sent_elsewhere(phone: Phone, status: int) -> None:
    phone.status = status
    with pytest.raises(PlatformSilent, match=r"pager 2 \(json\) could not be reached"):
        await pager(phone.address).page("Title", "Words")
    assert phone.asked == [f"/{SECRET}"]


async def test_a_page_that_nobody_answers_is_given_up_and_holds_nothing_up(phone: Phone) -> None:
    phone.silent = True
    paging = asyncio.create_task(pager(phone.address, patience=0.5).page("Title", "Words"))
    turns = 0
    while not paging.done():
        await asyncio.sleep(0.01)
        turns += 1
    with pytest.raises(PlatformSilent, match=r"did not answer within 0\.5 seconds"):
        await paging
    assert turns > 10


async def test_an_address_stands_in_no_log_and_no_error(
    phone: Phone, written: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    phone.status = 500
    addresses = [
        phone.address, f"json://{SECRET}:{SECRET}@127.0.0.1:{free_port()}/", f"nosuch://{SECRET}",
        f"slack://{SECRET}", f"ntfy://{SECRET}@127.0.0.1:{free_port()}/{SECRET}",
    ]  # fmt: skip
    shown = ""
    for address in addresses:
        with pytest.raises(PlatformError) as failed:
            await pager(address).page("Title", "Words")
        shown += "".join(traceback.format_exception(failed.value)) + repr(pager(address))
    logging.getLogger("somebody.else").warning("and the log is written")
    said = capfd.readouterr()
    assert written == ["and the log is written"]
    assert SECRET not in shown + said.err + said.out


async def test_a_process_ends_while_a_page_hangs_and_loads_the_library_only_for_a_page(
    phone: Phone,
) -> None:
    phone.silent = True
    program = f"""
import asyncio, sys
from adapters.paging import ApprisePager
from bot.errors import PlatformSilent
pager = ApprisePager({phone.address!r}, number=1, variable="X", patience=3)
assert "apprise" not in sys.modules
try:
    asyncio.run(pager.page("Title", "Words"))
except PlatformSilent:
    print("given up")
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(30):  # its own answer is waited for a minute
        out, _ = await process.communicate()
    assert (process.returncode, out) == (0, b"given up\n")
