"""The console: the cards on a local web page, and a team channel like any other.

`channel` is the channel's lane, `app` the pages; the command imports the one without the other.
"""
