"""Magento's dates, and how records show themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kashmag import magento
from kashmag.errors import UnexpectedPayloadError
from kashmag.magento import codec
from kashmag.magento.codec import read_time, write_time

moments = st.datetimes(min_value=datetime(1000, 1, 2), timezones=st.timezones() | st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(moment=moments)
def test_a_time_survives_as_the_same_moment(moment: datetime) -> None:
    assert read_time(write_time(moment)) == moment.astimezone(UTC)


def test_times_are_utc() -> None:
    assert read_time("2026-11-23 07:54:07") == datetime(2026, 11, 23, 7, 54, 7, tzinfo=UTC)
    summer = timezone(timedelta(hours=1))
    assert write_time(datetime(2026, 6, 1, 0, 30, tzinfo=summer)) == "2026-05-31 23:30:00"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        write_time(datetime(2026, 1, 1))


@pytest.mark.parametrize("never", ["0000-00-00 00:00:00", ""])
def test_a_date_that_is_none_is_none_and_goes_back_as_it_came(never: str) -> None:
    wire = {"entity_id": 1, "created_at": never}
    order = codec.read(magento.Order, wire)
    assert order.created_at is None
    assert codec.write(order) == wire


def test_a_garbled_date_is_a_fault_with_its_path() -> None:
    with pytest.raises(UnexpectedPayloadError, match=r"expected a time.*@ \$\.created_at"):
        codec.read(magento.Order, {"entity_id": 1, "created_at": "yesterday"})


def test_a_record_shows_what_it_says_and_no_card_numbers() -> None:
    payment = magento.OrderPayment(method="cc", cc_number_enc="0:3:secret", cc_last4="4242")
    assert repr(payment) == "OrderPayment(method='cc')"


def test_a_record_tells_what_is_missing() -> None:
    missing = magento.missing(magento.Order(entity_id=1, state="new"))
    assert "grand_total" in missing
    assert "state" not in missing
    assert "entity_id" not in missing


def test_what_is_no_json_is_told_without_showing_it() -> None:
    from kashmag.rest.wire import Response

    with pytest.raises(UnexpectedPayloadError, match="no JSON"):
        codec.parse(Response(200, body=b"<html>secret</html>"))
