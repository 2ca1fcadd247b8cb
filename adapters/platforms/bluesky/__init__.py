"""The Bluesky platform: reads as one account, and answers as it where it was tagged."""

from adapters.platforms.bluesky.bluesky import UNTAGGED, Bluesky

__all__ = ["UNTAGGED", "Bluesky"]
