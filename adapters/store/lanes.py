"""Lanes: what is due, worst first, leased to one worker at a time; what failed too often; the pause."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from types import MappingProxyType

from adapters.store.keys import ms
from adapters.store.link import Words, script
from adapters.store.pack import unbundle
from adapters.store.part import Part, case_of, millis, pairs
from bot.domain.mention import SetAside
from bot.ports import Aside, Owed

CLAIM, RENEW, DRAWN = script("claim", after="bundle"), script("renew"), script("drawn")
FAILED, RETRY = script("failed"), script("retry")

#: How many bad items are kept, and how many of anything set aside are shown.
ASIDES = 1000


class Lanes(Part):
    """Due steps and drawings. A lease is a name nobody else has: only who has it pays, or gives back."""

    async def claim(
        self,
        lanes: Mapping[str, int],
        *,
        lease: timedelta,
        pace: Mapping[str, timedelta] = MappingProxyType({}),
    ) -> Sequence[Owed]:
        """Lease what is due, worst first, at most so many of each lane; `publish` gives none in a pause."""
        k, now, name = self._keys, self._now(), token_hex(8)
        keys = [k.paused, k.open]
        keys += [key for lane in lanes for key in (k.due(lane), k.ready(lane), k.pace(lane))]
        args: list[Words] = [now, now + ms(lease), name, k.case("")]
        for lane, most in lanes.items():
            args += (lane, most, ms(pace.get(lane, timedelta(0))))
        found: list[bytes] = await self._link.run(CLAIM, keys, args)
        steps = zip(found[::3], found[2::3], strict=True)
        return [self._owed(lane.decode(), raw, name) for lane, raw in steps]

    @staticmethod
    def _owed(lane: str, raw: bytes, name: str) -> Owed:
        fields = unbundle(raw)
        posted = fields.get(f"m:{lane.removeprefix('card:')}")
        return Owed(
            lane=lane,
            case=case_of(fields),
            lease=name,
            tries=int(fields.get(f"n:{lane}", 0)),
            posted=None if posted is None else posted.decode(),
        )

    async def hold(self, lane: str, until: datetime) -> None:
        """Let a lane with a pace give nothing before `until`; a moment that has passed frees its slot."""
        at, now = millis(until), self._now()
        await self._link.send("SET", self._keys.pace(lane), at, "PX", max(at - now, 0) + 60_000)

    async def renew(self, owed: Owed, *, lease: timedelta) -> bool:
        """Keep a long step hidden for longer; False when the lease was lost."""
        keys = [self._keys.case(owed.case.id), self._keys.due(owed.lane)]
        return bool(
            await self._link.run(RENEW, keys, [owed.case.id, owed.lane, owed.lease, self._now() + ms(lease)])
        )

    async def drawn(self, owed: Owed, posted: str) -> None:
        """Pay a drawing: this version of the case stands in the lane's channel, posted under `posted`."""
        k, case, channel = self._keys, owed.case, owed.lane.removeprefix("card:")
        keys = [k.case(case.id), k.due(owed.lane), k.ready(owed.lane)]
        await self._link.run(
            DRAWN, keys, [case.id, owed.lane, channel, owed.lease, case.version, posted, int(case.rank)]
        )

    async def stands(self, case_id: str) -> Mapping[str, str]:
        """Return what the card of a case is posted under in each channel; `DOUBT` where that is not known."""
        fields = [f"m:{channel}" for channel in self.channels]
        found: list[bytes | None] = await self._link.send("HMGET", self._keys.case(case_id), *fields)
        return {
            channel: name.decode()
            for channel, name in zip(self.channels, found, strict=True)
            if name is not None
        }

    async def failed(self, owed: Owed, reason: str, *, again: timedelta, most: int) -> bool:
        """Give a step back for later; after `most` tries set it aside and return False."""
        k, now, case_id = self._keys, self._now(), owed.case.id
        keys = [k.case(case_id), k.due(owed.lane), k.ready(owed.lane), k.aside_steps]
        args = [case_id, owed.lane, owed.lease, now + ms(again), most, reason, now]
        return bool(await self._link.run(FAILED, keys, args))

    async def retry(self, case_id: str) -> bool:
        """Take what was set aside of this case up again; False when nothing was."""
        k, lanes = self._keys, self._lanes
        keys = [k.case(case_id), k.open, k.aside_steps, *(k.ready(lane) for lane in lanes)]
        return bool(await self._link.run(RETRY, keys, [case_id, self._now(), *lanes]))

    async def put_aside(self, aside: Sequence[SetAside]) -> None:
        """Keep bad items where a person sees them."""
        if not aside:
            return
        key = self._keys.aside_items
        members = [part for bad in aside for part in (millis(bad.at), bad.model_dump_json())]
        await self._link.batch([("ZADD", key, *members), ("ZREMRANGEBYRANK", key, 0, -ASIDES - 1)])

    async def asides(self) -> Sequence[Aside]:
        """Return what was set aside, newest first, at most 1,000."""
        items, steps = await self._link.batch([
            ("ZREVRANGE", self._keys.aside_items, 0, ASIDES - 1),
            ("ZREVRANGE", self._keys.aside_steps, 0, ASIDES - 1, "WITHSCORES"),
        ])  # fmt: skip
        bad = [SetAside.model_validate_json(item) for item in items]
        found = [Aside("item", b.source, b.reason, b.at.astimezone(UTC), b.raw) for b in bad]
        found += await self._steps_aside([(name.decode(), float(at)) for name, at in pairs(steps)])
        return sorted(found, key=lambda aside: aside.at, reverse=True)[:ASIDES]

    async def _steps_aside(self, steps: Sequence[tuple[str, float]]) -> list[Aside]:
        names = [name.split(" ", 1) for name, _ in steps]
        reasons = await self._link.batch([("HGET", self._keys.case(i), f"a:{lane}") for lane, i in names])
        expired = [name for (name, _), reason in zip(steps, reasons, strict=True) if reason is None]
        if expired:
            await self._link.send("ZREM", self._keys.aside_steps, *expired)
        return [
            Aside(lane, case_id, reason.decode(), datetime.fromtimestamp(at / 1000, UTC))
            for (lane, case_id), (_, at), reason in zip(names, steps, reasons, strict=True)
            if reason is not None
        ]

    async def pause(self, by: str, at: datetime) -> None:
        """Stop publishing, for everybody, until `resume`."""
        told = json.dumps({"by": by, "at": at.isoformat()})
        await self._link.batch([("SET", self._keys.paused, told), ("INCR", self._keys.revision)])

    async def resume(self) -> None:
        """Go on publishing."""
        await self._link.batch([("DEL", self._keys.paused), ("INCR", self._keys.revision)])

    async def paused(self) -> tuple[str, datetime] | None:
        """Return who paused publishing and when, `None` when it runs."""
        raw: bytes | None = await self._link.send("GET", self._keys.paused)
        if raw is None:
            return None
        told = json.loads(raw)
        return told["by"], datetime.fromisoformat(told["at"])
