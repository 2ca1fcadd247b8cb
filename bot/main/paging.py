"""Build the pagers from the addresses in the environment."""

from __future__ import annotations

from bot.ports import Pager
from bot.settings import Settings

#: The variable the addresses stand in.
PAGER = "LEVELHEAD_PAGER"


def pagers(settings: Settings) -> tuple[Pager, ...]:
    """Return a pager for each address; none of them is read before it is used."""
    if settings.pager is None:
        return ()
    from adapters.paging import ApprisePager  # noqa: PLC0415 as every adapter: only when it is used

    addresses = settings.pager.get_secret_value().split()
    return tuple(ApprisePager(one, number=nth, variable=PAGER) for nth, one in enumerate(addresses, 1))


async def check_pagers(settings: Settings) -> None:
    """Raise `BadSettings` for an address that leads nowhere: now, and not when it is needed."""
    for pager in pagers(settings):
        await pager.check()
