"""One command, a table: how fast and how small Levelhead is, beside the least that its work must cost."""
