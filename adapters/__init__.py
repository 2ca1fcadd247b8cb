"""The part that touches the world: one file for each thing outside."""
