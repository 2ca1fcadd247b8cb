"""The languages that the default protocol speaks; each test of words is run for each of them."""

from __future__ import annotations

from tests.builders import PROTOCOL_FILE

LANGUAGES = tuple(sorted(file.stem for file in PROTOCOL_FILE.with_suffix("").glob("*.toml")))
