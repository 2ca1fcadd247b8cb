"""Whatever a sender writes, genuine as they may be: it is taken, set aside or refused, and nothing breaks."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.platforms.webhook import status_of
from bot.errors import BadInput
from tests.adapters.pushes import mention, push

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_FIELDS = st.sampled_from(
    ["id", "text", "author", "posted_at", "url", "thread", "language", "rating", "tagged", "x"]
)


@settings(deadline=None, max_examples=300)
@given(
    item=st.dictionaries(_FIELDS, _JSON, max_size=6).map(lambda given: mention(**given)) | _JSON, whole=_JSON
)
async def test_whatever_json_comes_it_is_taken_set_aside_or_refused(item: Any, whole: Any) -> None:
    batch = await push({"mentions": [item, mention(id="good")], "deleted": [item]})
    assert "good" in {found.id for found in batch.items}
    for aside in batch.set_aside:
        aside.model_dump_json()
    for found in batch.items:
        found.model_dump_json()
    with suppress(BadInput):
        await push(whole)


async def answered(body: bytes) -> int:
    try:
        batch = await push(body)
    except BadInput as refused:
        return status_of(refused)
    return 202 if batch.items == () else 200


@given(body=st.binary(max_size=200))
async def test_whatever_bytes_come_they_are_answered_and_are_no_mention(body: bytes) -> None:
    assert await answered(body) in {202, 400, 422}
