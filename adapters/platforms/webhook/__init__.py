"""Any system pushes mentions to us as signed JSON; `docs/webhook.md` is the page for whoever writes to us."""

from adapters.platforms.webhook.receiver import (
    SIGNATURE,
    TIMESTAMP,
    Webhook,
    WrongShape,
    sign,
    status_of,
)

__all__ = ["SIGNATURE", "TIMESTAMP", "Webhook", "WrongShape", "sign", "status_of"]
