"""Slack: the channel where the team lives. Cards are drawn there, and presses become decisions."""
