"""The record: every key of it, the Redis store, and the server we bring along."""
