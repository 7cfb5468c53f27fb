"""A host of several addresses: one that leads nowhere holds up nobody for long."""

import math
import socket
import time

import pytest

from sources.intercom.api.transport.address_race import first_to_answer, in_turn
from tests.support.network.silence import port_that_leads_nowhere, silent_server


def address(port, family=socket.AF_INET, host="127.0.0.1"):
    return (family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port))


def closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def port_reached(*ports, deadline=math.inf):
    with first_to_answer([address(port) for port in ports], deadline, lambda: None) as way:
        return way.getpeername()[1]


def test_an_address_that_leads_nowhere_holds_up_the_next_one_for_a_moment():
    with port_that_leads_nowhere() as nowhere, silent_server() as (port, _):
        began_at = time.monotonic()
        assert port_reached(nowhere, nowhere, port) == port
        assert time.monotonic() - began_at < 5


def test_an_address_that_refuses_holds_up_nobody():
    with silent_server() as (port, _):
        assert port_reached(closed_port(), port, closed_port()) == port


def test_the_first_one_is_taken_where_it_answers():
    with silent_server() as (first, _), silent_server() as (second, taken):
        assert port_reached(first, second) == first
        assert taken == []


def test_where_all_refuse_the_last_refusal_is_the_error():
    with pytest.raises(ConnectionRefusedError):
        port_reached(closed_port(), closed_port())


def test_where_none_answers_it_is_over_in_time():
    with port_that_leads_nowhere() as nowhere, pytest.raises(TimeoutError):
        port_reached(nowhere, deadline=time.monotonic() + 0.1)


def test_the_two_kinds_of_addresses_are_tried_by_turns():
    new, old = [address(port, socket.AF_INET6, "::1") for port in (1, 2, 3)], [address(port) for port in (4, 5)]
    assert in_turn([*new, *old]) == [new[0], old[0], new[1], old[1], new[2]]
    assert in_turn(old) == old
    assert in_turn([]) == []
