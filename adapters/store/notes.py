"""Notes beside the cases: texts to compare with, names given once, signs of life of the sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from adapters.store.keys import Keys, ms
from adapters.store.link import script
from adapters.store.pack import unbundle
from adapters.store.part import Part, millis, pairs
from bot.domain.value import digest
from bot.ports import Beat, Sent

REMEMBER, SIMILAR = script("remember"), script("similar", after="bundle")

#: Texts of the last 24 hours lie in this many spans.
_SPANS = range(-(-timedelta(hours=24) // Keys.NEAR_SPAN) + 1)


class Notes(Part):
    """Nothing here is a case's own: losing one of these costs a second look, never a mention."""

    async def remember(self, bands: Sequence[int], sent: Sent, *, is_sent: bool) -> None:
        """Remember a text under its bands for 24 hours; `is_sent` once it is approved.

        The text itself stays in its case, so it must be saved there: what is erased there is gone here.
        """
        span = millis(sent.at) // ms(Keys.NEAR_SPAN)
        place = f"{millis(sent.at)} {digest(sent.text)} {sent.author} {sent.case_id}"
        keys = [self._keys.near(span), self._keys.sent(span)]
        await self._link.run(REMEMBER, keys, [place, ms(Keys.NEAR_TTL), *_bands(bands, is_sent=is_sent)])

    async def similar(self, bands: Sequence[int], *, since: datetime, sent_only: bool) -> Sequence[Sent]:
        """Return texts that share a band with a fingerprint, the newest 20 of each band."""
        newest = self._now() // ms(Keys.NEAR_SPAN)
        keys = [key for n in _SPANS for key in (self._keys.near(newest - n), self._keys.sent(newest - n))]
        oldest = max(millis(since), self._now() - ms(timedelta(hours=24)))
        names = _bands(bands, is_sent=True) + ([] if sent_only else _bands(bands, is_sent=False))
        found: bytes = await self._link.run(SIMILAR, keys, [oldest, self._keys.case(""), *names])
        return [_sent(place, text) for place, text in unbundle(found).items()]

    async def once(self, name: str, *, keep: timedelta) -> bool:
        """Return True the first time `name` is given within `keep`."""
        key, ours = self._keys.once(name), token_hex(8)
        if await self._link.send("SET", key, ours, "NX", "PX", max(1, ms(keep))):
            return True
        # Ours may stand there already: a first try whose answer was lost.
        return await self._link.send("GET", key) == ours.encode()

    async def told(self, name: str) -> bool:
        """Return whether `name` was given to `once` and is still kept."""
        return bool(await self._link.send("EXISTS", self._keys.once(name)))

    async def meet(self, person_id: str, name: str) -> None:
        """Remember what a colleague is called who is not in the team's file."""
        await self._link.send("HSET", self._keys.guests, person_id, name)

    async def met(self, person_ids: Collection[str]) -> Mapping[str, str]:
        """Return the names of those of them who were met."""
        wanted = sorted(person_ids)
        found: list[bytes | None] = (
            await self._link.send("HMGET", self._keys.guests, *wanted) if wanted else []
        )
        return {person: name.decode() for person, name in zip(wanted, found, strict=True) if name is not None}

    async def trouble(self, channel: str, words: str) -> None:
        """Remember for a while that a channel refused a card, and in words why; the last one stands."""
        key, told = self._keys.trouble(channel), f"{self._now()} {words}"
        if await self._link.send("SET", key, told, "PX", ms(Keys.TROUBLE_TTL), "GET") is None:
            await self._link.send("INCR", self._keys.revision)  # the console's pages look again

    async def troubles(self) -> Mapping[str, tuple[str, datetime]]:
        """Return why, and when last, each channel refused a card that did so within `TROUBLE_TTL`."""
        since = self._now() - ms(Keys.TROUBLE_TTL)
        found = await self._link.batch([("GET", self._keys.trouble(name)) for name in self.channels])
        troubles: dict[str, tuple[str, datetime]] = {}
        for name, raw in zip(self.channels, found, strict=True):
            at, _, words = raw.decode().partition(" ") if raw else ("0", "", "")
            if int(at) > since:
                troubles[name] = (words, datetime.fromtimestamp(int(at) / 1000, UTC))
        return troubles

    async def beat(self, source: str, at: datetime, *, found: bool, error: str = "") -> None:
        """Record a sign of life of a source, or its failure."""
        when = at.isoformat()
        fields = [f"error {source}", error]
        if not error:
            fields += [f"read {source}", when]
        if found and not error:
            fields += [f"found {source}", when]
        await self._link.send("HSET", self._keys.beats, *fields)

    async def beats(self) -> Sequence[Beat]:
        """Return the last signs of life of every source seen."""
        sources: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for name, value in pairs(await self._link.send("HGETALL", self._keys.beats)):
            kind, source = name.decode().split(" ", 1)
            sources[source][kind] = value.decode()
        return [
            Beat(source, _when(told.get("read")), _when(told.get("found")), told.get("error", ""))
            for source, told in sorted(sources.items())
        ]


def _bands(bands: Sequence[int], *, is_sent: bool) -> list[str]:
    return [f"{'s' if is_sent else 'd'}{nth}:{value:x}" for nth, value in enumerate(bands)]


def _sent(place: str, text: bytes) -> Sent:
    at, _, author, case_id = place.split(" ", 3)
    return Sent(case_id, author, text.decode(), datetime.fromtimestamp(int(at) / 1000, UTC))


def _when(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
