"""Intercom's own errors in their envelope: those of missing records, and those that several places answer.

Others are made where their rule stands. One place (`serving.app`) turns all of them into answers.
"""

import secrets

from simulator.record import Record


def new_request_id() -> str:
    """A request id as live answers carry it: 20 characters, not a UUID."""
    return f"000{secrets.token_hex(9)[:17]}"


class ApiError(Exception):
    """An answer in Intercom's error envelope."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def envelope(self, request_id: str) -> Record:
        """`{"type": "error.list", ...}` as the API answers it."""
        return {
            "type": "error.list",
            "request_id": request_id,
            "errors": [{"code": self.code, "message": self.message}],
        }


def rate_limited(allowance: int) -> ApiError:
    """More calls in a window than it allows."""
    return ApiError(429, "rate_limit_exceeded", f"Exceeded rate limit of {allowance} in 10_seconds")


def resource_not_found() -> ApiError:
    """A path or an object that does not exist."""
    return ApiError(404, "not_found", "Resource Not Found")


def user_not_found() -> ApiError:
    """An unknown, merged, archived or deleted contact."""
    return ApiError(404, "not_found", "User Not Found")


def conversation_not_found() -> ApiError:
    """An unknown or deleted conversation."""
    return ApiError(404, "not_found", "Conversation not found")


def company_not_found() -> ApiError:
    """An unknown or archived company."""
    return ApiError(404, "company_not_found", "Company Not Found")


def admin_not_found() -> ApiError:
    """An unknown or departed teammate."""
    return ApiError(404, "admin_not_found", "Admin not found")


def team_not_found() -> ApiError:
    """An unknown team."""
    return ApiError(404, "team_not_found", "Team not found")


def ticket_not_found() -> ApiError:
    """An unknown ticket."""
    return ApiError(404, "ticket_not_found", "Ticket not found")


def parameter_invalid(message: str) -> ApiError:
    """A parameter whose value is not allowed, or a body that is not JSON."""
    return ApiError(400, "parameter_invalid", message)


def invalid_cursor() -> ApiError:
    """A `starting_after` that no response has given."""
    return ApiError(
        400,
        "client_error",
        "Invalid starting_after param. Please try again using a starting_after value from a paginated response",
    )


def server_error() -> ApiError:
    """Intercom's answer to a request that it did not expect."""
    return ApiError(500, "server_error", "Something went wrong")
