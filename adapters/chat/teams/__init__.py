"""Microsoft Teams: the same cards and decisions, at home in Teams."""
