"""Addresses of clients, cut to what is logged and counted of them."""

from __future__ import annotations

import pytest

from kgpub.service.http.addresses import network


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("192.0.2.77", "192.0.2.0"),
        ("::ffff:192.0.2.77", "192.0.2.0"),
        ("2001:db8:aaaa:bbbb:cccc::1", "2001:db8:aaaa::"),
        ("fe80::1%eth0", "fe80::"),
        ("unix", ""),
        ("", ""),
        ("1" * 5_000, ""),
    ],
)
def test_addresses_are_cut_to_their_network(address: str, shown: str) -> None:
    assert network(address, 24, 48) == shown
