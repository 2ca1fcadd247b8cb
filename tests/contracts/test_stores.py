"""The record's promises, on each kind of server it runs on."""

from __future__ import annotations

import pytest

from tests.contracts.store_contract import StoreContract


class TestEmbedded(StoreContract):
    """The server the product brings along."""

    @pytest.fixture
    def url(self, embedded_url: str) -> str:
        return embedded_url


@pytest.mark.peer
class TestRedisServer(StoreContract):
    """Debian's Redis."""

    @pytest.fixture
    def url(self, redis_url: str) -> str:
        return redis_url


class TestOlderProtocol(StoreContract):
    """RESP 2, which older servers and proxies speak."""

    @pytest.fixture
    def url(self, embedded_url: str) -> str:
        return f"{embedded_url}?protocol=2"


@pytest.mark.peer
class TestCluster(StoreContract):
    """A Redis Cluster, where a brand has one slot."""

    @pytest.fixture
    def url(self, cluster_url: str) -> str:
        return cluster_url
