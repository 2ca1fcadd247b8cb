"""Readers of mentions: without a model, a word list for each language."""
