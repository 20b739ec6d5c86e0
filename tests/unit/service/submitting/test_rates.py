"""How often an address may ask, by a clock that stands until it is moved."""

from __future__ import annotations

import pytest

from kgpub.service.errors import RequestError
from kgpub.service.submitting.rates import _MOST, Rates


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def refused(rates: Rates, address: str = "192.0.2.1") -> int:
    with pytest.raises(RequestError) as raised:
        rates.count(address)
    assert raised.value.status == 429
    return int(raised.value.headers["Retry-After"])


def test_a_third_of_the_minute_may_come_at_once_and_the_rest_evenly() -> None:
    clock = Clock()
    rates = Rates(60, clock)
    for _ in range(20):
        rates.count("192.0.2.1")
    assert refused(rates) == 1
    rates.count("192.0.2.2")  # another address has its own
    clock.now = 1.0
    rates.count("192.0.2.1")
    assert refused(rates) == 1
    clock.now = 1_000.0
    for _ in range(20):
        rates.count("192.0.2.1")
    assert refused(rates) == 1


def test_what_takes_long_counts_for_more() -> None:
    clock = Clock()
    rates = Rates(60, clock)
    rates.count("192.0.2.1")
    rates.charge("192.0.2.1", 10.0)
    assert refused(rates) == 7  # 20 - 1 - 25 = -6, and one is needed
    clock.now = 7.0
    rates.count("192.0.2.1")


def test_a_site_of_ipv6_is_one_address() -> None:
    rates = Rates(3, Clock())
    rates.count("2001:db8::1")
    refused(rates, "2001:db8::2")
    rates.count("2001:db8:0:1::1")


def test_what_is_remembered_is_bounded() -> None:
    rates = Rates(60, Clock())
    for number in range(_MOST + 100):
        rates.count(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(rates._buckets) == _MOST
