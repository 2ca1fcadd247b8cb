"""Whatever stands in a post on Bluesky, it is read or set aside, and the posts beside it are read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.mention import Mention
from tests.adapters.blueskies import Fake, post

WORDS = st.text(max_size=20)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
PARTS = ("uri", "cid", "author", "record", "indexedAt", "labels", "reason")
INNER = ("text", "createdAt", "langs", "facets", "reply", "embed")


@st.composite
def mangled(draw: st.DrawFn) -> Any:
    """A post with one of its parts, or of its record's, replaced by anything."""
    one = post("late")
    if draw(st.booleans()):
        one[draw(st.sampled_from(PARTS))] = draw(JSON)
    else:
        one["record"][draw(st.sampled_from(INNER))] = draw(JSON)
    return draw(st.sampled_from([one, draw(JSON)]))


@pytest.mark.parametrize("way", ["named", "below", "records"])
@settings(max_examples=60, deadline=None)
@given(strange=mangled())
async def test_anything_is_read_or_set_aside_and_costs_the_others_nothing(way: str, strange: Any) -> None:
    fake = Fake()
    good = post(key="3lgood")
    fake.named = [good]
    fake.show(good)
    if way == "named":
        fake.named = [strange, good, strange]
    elif way == "below":
        fake.below[good["uri"]] = [{"post": strange, "replies": strange}, strange]
    else:
        fake.records = {"3lstrange": strange}
    async with fake.bluesky() as bluesky:
        batch = await bluesky.fetch(None)
        (mention,) = [i for i in batch.items if isinstance(i, Mention) and i.id == good["uri"]]
        assert (await bluesky.look(mention)).text == mention.text
    assert all(bad.raw.isascii() and bad.raw.isprintable() for bad in batch.set_aside)
