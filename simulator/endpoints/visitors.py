"""Visitors: looked up one by one, never listed."""

from simulator import errors
from simulator.http.call import Call
from simulator.record import Record


def show_visitor(call: Call) -> Record:
    """Answer GET /visitors?user_id=."""
    user_id = call.query.get("user_id")
    if not user_id:
        raise errors.ApiError(400, "parameter_not_found", "user_id is a required parameter.")
    for visitor in call.workspace.visitors:
        if visitor.get("user_id") == user_id:
            return visitor
    raise call.missing()
