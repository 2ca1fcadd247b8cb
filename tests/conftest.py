"""Fixtures every test may ask for."""

from tests.stores import cluster_url, embedded_store, embedded_url, life, redis_url, watch

__all__ = ["cluster_url", "embedded_store", "embedded_url", "life", "redis_url", "watch"]
