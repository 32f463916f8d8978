"""The model of a month adds up."""

import dataclasses

import pytest

from bench import month
from bench.month import Measured


@pytest.fixture
def measured() -> Measured:
    return Measured(
        message=22, batched=18, send=30, sent=5, seen=9, ping=6, pong=2, resume=7, upgrade=840, first_load=14_000, worker_checks=1,
    )  # fmt: skip


class TestMonth:
    def test_is_the_sum_of_its_parts(self, measured: Measured) -> None:
        spent = month.month(measured)

        parts = [spent.connecting, spent.messages, spent.pushes, spent.first_load, spent.worker]
        assert spent.megabytes == pytest.approx(sum(parts) / 1_000_000)

    def test_pays_for_a_connection_at_each_visit(self, measured: Measured) -> None:
        dearer = dataclasses.replace(measured, upgrade=measured.upgrade + 100)

        grown = month.month(dearer).connecting - month.month(measured).connecting

        assert grown == 30 * 6 * 100

    def test_pays_more_when_no_socket_is_found_open(self, measured: Measured) -> None:
        assert month.month(measured, found_open=0).megabytes > month.month(measured).megabytes

    def test_counts_every_message_both_ways(self, measured: Measured) -> None:
        dearer = dataclasses.replace(measured, message=23, batched=19, send=31)

        assert month.month(dearer).messages - month.month(measured).messages == 30 * (15 + 15)

    def test_asks_for_the_service_worker_as_often_as_the_server_makes_it(self, measured: Measured) -> None:
        unkept = dataclasses.replace(measured, worker_checks=8)

        assert month.month(unkept).worker == 8 * month.month(measured).worker

    def test_pays_for_longer_greetings_with_each_connection(self, measured: Measured) -> None:
        spent = month.month(measured)

        assert spent.connections == 30 * 6 + 30 + 1
        assert spent.megabytes_today > spent.megabytes

    def test_says_its_parts(self, measured: Measured) -> None:
        assert "pushes 135 kB" in str(month.month(measured))


class TestIdleHour:
    def test_is_the_settled_heartbeat(self) -> None:
        an_hour = month.idle_hour(ping=2, pong=2, heartbeat=840)

        assert an_hour == pytest.approx((2 + 6 + 22 + 52 + 2 + 2 + 22 + 52 + 52) * 3600 / 840)
