"""Intercom's own errors in their envelope: those of missing records, and those that several places answer.

Others are made where their rule stands. One place (`serving.app`) turns all of them into answers.
"""

import secrets

from simulator.record import Record


def new_request_id() -> str:
    """Return a request id for the simulator's errors and answers, as live ones are: 20 characters, not a UUID."""
    return f"000{secrets.token_hex(9)[:17]}"


class ApiError(Exception):
    """An error that the simulator answers, in Intercom's error envelope."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def envelope(self, request_id: str) -> Record:
        """The error's envelope, `{"type": "error.list", ...}`, as the simulator answers it."""
        return {
            "type": "error.list",
            "request_id": request_id,
            "errors": [{"code": self.code, "message": self.message}],
        }


def rate_limited(allowance: int) -> ApiError:
    """The simulator's error for more calls in a window than it allows."""
    return ApiError(429, "rate_limit_exceeded", f"Exceeded rate limit of {allowance} in 10_seconds")


def resource_not_found() -> ApiError:
    """The simulator's error for a path or an object that does not exist, also for a conversation."""
    return ApiError(404, "not_found", "Resource Not Found")


def user_not_found() -> ApiError:
    """The simulator's error for an unknown, merged, archived or deleted contact."""
    return ApiError(404, "not_found", "User Not Found")


def company_not_found() -> ApiError:
    """The simulator's error for an unknown or archived company."""
    return ApiError(404, "company_not_found", "Company Not Found")


def admin_not_found() -> ApiError:
    """The simulator's error for an unknown or departed teammate."""
    return ApiError(404, "admin_not_found", "Admin not found")


def team_not_found() -> ApiError:
    """The simulator's error for an unknown team."""
    return ApiError(404, "team_not_found", "Team not found")


def ticket_not_found() -> ApiError:
    """The simulator's error for an unknown ticket."""
    return ApiError(404, "ticket_not_found", "Ticket not found")


def visitor_not_found() -> ApiError:
    """The simulator's error for an unknown visitor."""
    return ApiError(404, "not_found", "Visitor Not Found")


def parameter_invalid(message: str) -> ApiError:
    """The simulator's error for a parameter whose value is not allowed, or a body that is not JSON."""
    return ApiError(400, "parameter_invalid", message)


def invalid_cursor() -> ApiError:
    """The simulator's error for a `starting_after` that no response has given."""
    return ApiError(
        400,
        "client_error",
        "Invalid starting_after param. Please try again using a starting_after value from a paginated response",
    )


def server_error() -> ApiError:
    """The error that the simulator answers, as Intercom does, to a request that it did not expect."""
    return ApiError(500, "server_error", "Something went wrong")
