"""The team's channels: each draws cards and turns presses back into decisions."""
