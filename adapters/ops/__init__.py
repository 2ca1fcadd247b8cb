"""The operator's door: health and numbers."""
