"""Pure values and rules: no clock, no network, nothing but pydantic and the standard library."""
