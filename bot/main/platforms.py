"""Build the platforms the settings name. An adapter that is not configured is not imported."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

from bot.domain.delivery import Mode
from bot.main.secrets import derived
from bot.ports import Platform
from bot.settings import BlueskySource, FeedSource, Settings, Source, SquareSource, WebhookSource


def now() -> datetime:
    """The clock of the running bot."""
    return datetime.now(UTC)


async def platform(source: Source, settings: Settings, stack: AsyncExitStack) -> Platform:
    """Return a source with what it can do; what it holds open is closed with `stack`."""
    match source:
        case WebhookSource():
            return _webhook(source)
        case SquareSource():
            return await _square(source, settings, stack)
        case FeedSource():
            return await _feed(source, stack)
        case BlueskySource():
            return await _bluesky(source, settings, stack)


def _webhook(source: WebhookSource) -> Platform:
    from adapters.platforms.webhook import Webhook  # noqa: PLC0415 as every adapter: only when it is used

    return Platform(
        name=source.name,
        mode=Mode(source.delivery),
        reason=source.reason,
        called=source.platform,
        max_length=source.max_length,
        hosts=source.hosts,
        receiver=Webhook(
            name=source.name, platform=source.platform, secret=source.secret.get_secret_value(), clock=now
        ),
    )


async def _square(source: SquareSource, settings: Settings, stack: AsyncExitStack) -> Platform:
    from adapters.platforms.square import Square  # noqa: PLC0415

    url, token = square_access(source, settings)
    square = await stack.enter_async_context(Square(name=source.name, url=url, token=token))
    return Platform(
        name=source.name,
        mode=Mode.API,
        reason="the square lets us answer a post by its API",
        called="square",
        max_length=square.max_length,
        hosts=(url.split("//", 1)[1].split("/", 1)[0].split(":", 1)[0],),
        source=square,
        publisher=square,
        private=square,
        retractor=square,
        moderator=square,
    )


async def _feed(source: FeedSource, stack: AsyncExitStack) -> Platform:
    from adapters.platforms.feed import Feed  # noqa: PLC0415

    feed = await stack.enter_async_context(
        Feed(name=source.name, platform=source.platform, url=source.url, keywords=source.keywords, clock=now)
    )
    return Platform(
        name=source.name,
        mode=Mode(source.delivery),
        reason=source.reason,
        called=source.platform,
        max_length=source.max_length,
        hosts=source.hosts,
        source=feed,
    )


async def _bluesky(source: BlueskySource, settings: Settings, stack: AsyncExitStack) -> Platform:
    from adapters.platforms.bluesky import UNTAGGED, Bluesky  # noqa: PLC0415

    bluesky = await stack.enter_async_context(
        Bluesky(
            name=source.name,
            url=source.url,
            account=source.account,
            password=source.password.get_secret_value() if source.password else "",
            site=source.site,
            keywords=source.keywords,
            horizon=timedelta(hours=settings.horizon_hours),
            clock=now,
        )
    )
    return Platform(
        name=source.name,
        mode=Mode.API,
        reason="they mention, answer or quote our account, so Bluesky lets us answer by its API",
        called="bluesky",
        max_length=bluesky.max_length,
        hosts=bluesky.hosts,
        untagged=UNTAGGED,
        measure=bluesky.measure,
        source=bluesky,
        publisher=bluesky,
    )


def square_access(source: SquareSource, settings: Settings) -> tuple[str, str]:
    """Return the square's address and our token there; the built-in one is served by this process."""
    token = source.token.get_secret_value() if source.token else derived(settings, "square")
    return source.url or f"http://127.0.0.1:{settings.console.port}", token
