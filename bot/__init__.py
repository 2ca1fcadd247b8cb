"""The part that decides: it knows cases, rules and people, and no vendor."""
