"""What Teams takes at most, each figure with its page.

Pages under learn.microsoft.com/en-us/microsoftteams/platform: bots/how-to/format-your-bot-messages (size),
task-modules-and-cards/what-are-cards (actions), task-modules-and-cards/task-modules/task-modules-bots.
"""

from __future__ import annotations

import json
from typing import Any, Final

# The page has named 28 KB, 40 KB and 100 KB over the years, counted in UTF-16; the least of them is safe with
# every client and in every cloud.
ACTIVITY_BYTES: Final = 28_000
# What the Connector adds to what we send: who, where, when.
_ENVELOPE = 1_000
MESSAGE_BYTES: Final = ACTIVITY_BYTES - _ENVELOPE

# Six buttons are seen, more stand behind "...".
ACTIONS: Final = 6
# At most so many people whose card is fetched anew when it comes into view.
REFRESHED: Final = 60

# Not on any page: a line of a phone, and what browsers take.
TITLE, URL = 60, 2_000
# More choices than this are a list that opens, not a column of buttons.
EXPANDED: Final = 10


def weight(drawn: Any) -> int:
    """Return how many bytes something is as JSON in UTF-16."""
    return len(json.dumps(drawn, ensure_ascii=False).encode("utf-16-le", "surrogatepass"))
