"""A message of our own to one colleague, in the conversation they have with the app.

Pages: docs.slack.dev/reference/methods/chat.postMessage (a user's ID as `channel`) and
/reference/methods/users.lookupByEmail, which needs the scope users:read.email.
"""

from __future__ import annotations

from typing import Final

from adapters.chat.slack import limits
from adapters.chat.slack.text import clip, escaped, shown
from adapters.chat.slack.web import Json, SlackRefused, SlackWeb
from bot.domain.team import Person

#: The workspace has nobody of this ID or address, or nobody any more whom we could write to.
_NOBODY: Final = frozenset({
    "users_not_found", "user_not_found", "user_not_visible", "channel_not_found", "user_disabled",
    "cannot_dm_bot",
})  # fmt: skip


async def tell(web: SlackWeb, person: Person, words: str) -> bool:
    """Tell `person`; False where the workspace does not know them. What is in `words` pings nobody."""
    text, _ = clip(escaped(shown(words)), limits.MESSAGE_TEXT)
    try:
        user = person.slack or await _looked_up(web, person.email)
        if not user:
            return False
        await web.write("chat.postMessage", channel=user, text=text, unfurl_links=False, unfurl_media=False)
    except SlackRefused as refused:
        if refused.error in _NOBODY:
            return False
        raise
    return True


async def _looked_up(web: SlackWeb, email: str) -> str:
    """Return the user ID behind an address, empty where it does not prove a colleague."""
    if not email:
        return ""
    user: Json = (await web.read("users.lookupByEmail", email=email)).get("user") or {}
    strange = any(user.get(flag) for flag in ("deleted", "is_bot", "is_stranger"))
    return "" if strange or not user.get("is_email_confirmed", True) else str(user.get("id", ""))
