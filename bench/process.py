"""How a measuring process behaves: quiet, and however it is stopped, its folders and children go with it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from bot.main.logs import configure_logs


def run(main: Callable[[], None]) -> None:
    """Run `main`, logging warnings and worse; SIGTERM ends it as Ctrl-C does."""
    configure_logs(level="warning")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
