"""The embedded server's folder: what is kept there, for whom, and what is said when it is damaged."""

import asyncio
import shlex
import shutil
import socket
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from redis.asyncio import Redis

from adapters.store.embedded import embedded
from bot.errors import StoreUnavailable
from tests.adapters.guests import GUEST, ROOT, a_guest, free, get, newest, put


async def test_what_was_written_is_there_after_a_clean_stop(tmp_path: Path) -> None:
    await put(tmp_path, case="open")
    assert await get(tmp_path, "case") == "open"
    assert free(tmp_path / "redis.server.lock")


async def test_the_server_is_set_up_as_a_record_and_not_as_a_cache(tmp_path: Path) -> None:
    async with embedded(tmp_path) as url, Redis.from_url(url, decode_responses=True) as client:
        settings = await client.config_get("*")
    wanted = {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction", "port": "0"}
    assert {name: settings[name] for name in wanted} == wanted


async def test_nothing_in_the_folder_is_for_other_users(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with embedded(folder):
        found = [folder, *folder.rglob("*")]
        assert {"redis.sock", "redis.log"} < {path.name for path in found}
        assert [path for path in found if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


async def test_stale_files_never_block_a_start(tmp_path: Path) -> None:
    (tmp_path / "redis.owner.lock").write_text("99999999")
    (tmp_path / "redis.server.lock").write_text("99999999")
    (tmp_path / "temp-rewriteaof-bg-12.aof").write_text("half")
    with closing(socket.socket(socket.AF_UNIX)) as stale:
        stale.bind(str(tmp_path / "redis.sock"))
    await put(tmp_path, case="open")
    assert not (tmp_path / "temp-rewriteaof-bg-12.aof").exists()


async def test_a_folder_with_a_very_long_and_odd_path_works_and_is_shared(tmp_path: Path) -> None:
    folder = tmp_path / ("خبر % ?#'\" " + "long" * 30) / "data"
    async with embedded(folder) as url:
        assert (folder / "redis.sock").readlink() == Path(unquote(urlsplit(url).path))
        async with a_guest(folder) as guest:
            assert (await guest.entered())[1] == 1
    async with embedded(folder) as again:
        assert again == url
        assert await get(folder, "entries") == "1"
    shutil.rmtree((folder / "redis.sock").readlink().parent)
    assert await get(folder, "entries") == "1"
    shutil.rmtree((folder / "redis.sock").readlink().parent)


async def test_the_copy_of_a_folder_never_reaches_the_other_folders_server(tmp_path: Path) -> None:
    first, second = tmp_path / ("long" * 30) / "data", tmp_path / ("long" * 30) / "copy"
    await put(first, case="first")
    shutil.copytree(first, second, symlinks=True)
    await put(second, case="second")
    async with embedded(first) as one, embedded(second) as other:
        assert one != other
        assert await get(first, "case") == "first"
        assert await get(second, "case") == "second"
    for folder in (first, second):
        shutil.rmtree((folder / "redis.sock").readlink().parent)


async def test_a_cut_off_last_write_is_forgiven(tmp_path: Path) -> None:
    await put(tmp_path, case="open")
    with newest(tmp_path, "incr.aof").open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$4\r\nca")
    assert await get(tmp_path, "case") == "open"


async def test_damaged_data_is_a_clear_error_with_a_repair_that_works(tmp_path: Path) -> None:
    await put(tmp_path, case="open")
    await put(tmp_path, later="lost")
    file = newest(tmp_path, "incr.aof")
    file.write_bytes(file.read_bytes().replace(b"$5\r\nlater", b"?5\r\nlater"))
    with pytest.raises(StoreUnavailable, match="Bad file format") as caught:
        await put(tmp_path, never="written")
    assert free(tmp_path / "redis.server.lock")
    repair = shlex.split(str(caught.value).splitlines()[-1])
    assert repair[:2] == ["bash", "-c"]
    await asyncio.to_thread(subprocess.run, repair, input=b"y\n", check=True, capture_output=True)
    assert await get(tmp_path, "case") == "open"


@pytest.mark.parametrize("lost", ["manifest", "base.rdb", "incr.aof"])
async def test_missing_data_is_never_taken_for_an_empty_start(lost: str, tmp_path: Path) -> None:
    await put(tmp_path, case="open")
    newest(tmp_path, lost).unlink()
    with pytest.raises(StoreUnavailable, match="put back a backup"):
        await put(tmp_path, case="other")


async def test_a_folder_we_cannot_use_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreUnavailable, match=r"data'.*File exists.*REDIS_URL"):
        await put(tmp_path / "data", case="open")


async def test_an_error_inside_stops_the_server_and_comes_out_unchanged(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="ours"):
        async with embedded(tmp_path):
            raise OSError("ours")
    assert free(tmp_path / "redis.server.lock")


async def test_a_long_log_makes_room_for_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "redis.log").write_bytes(b"x" * ((1 << 20) + 1))
    await put(tmp_path, case="open")
    assert (tmp_path / "redis.log").stat().st_size < 10_000
    assert (tmp_path / "redis.log.1").stat().st_size > 1 << 20


async def test_a_machine_without_a_binary_is_told_to_set_redis_url(tmp_path: Path) -> None:
    # Only the machine's name is pretended, in a process of its own.
    program = "import platform; platform.machine = lambda: 'riscv64'\n" + GUEST
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "StoreUnavailable: no embedded Redis for this machine" in ended.stderr
    assert ended.stderr.strip().endswith("Set REDIS_URL")
