"""Fixtures of the tests against real parts that npm and Debian carry."""

from tests.peers.networks import network

__all__ = ["network"]
