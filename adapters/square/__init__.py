"""The square: a small social site of its own, where the demo's mentions stand and its replies appear.

It shares nothing with the bot but the wire: its posts live in its own file, and the bot reaches it only
through its JSON API.
"""
