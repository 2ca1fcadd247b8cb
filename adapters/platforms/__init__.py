"""Where mentions come from and replies go: one file a platform, imported only when a source is of its kind.

A platform implements the protocols of `bot.ports` that it can keep, and never imports another one.
"""
