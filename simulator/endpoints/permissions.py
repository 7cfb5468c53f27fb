"""The areas that the token may read, and those that the workspace's plan includes."""

from simulator.endpoints.routes import AREAS
from simulator.errors import ApiError
from simulator.options import Options, words

PLAN_MESSAGES = {
    "activity_logs": "This feature is not yet available to your app",
    "conversations": "Active subscription needed.",
}
UNAUTHORIZED = 401


def check_area(area: str, options: Options) -> None:
    """Refuse an area without permission: the plan leaves it out or the token has no scope; `/me` is always allowed."""
    if area in words(options.restricted_areas):
        raise ApiError(403, "api_plan_restricted", PLAN_MESSAGES.get(area, "Active subscription needed."))
    if area in words(options.missing_scopes):
        status = options.missing_scope_status
        code = "token_unauthorized" if status == UNAUTHORIZED else "forbidden"
        raise ApiError(status, code, "Not authorized to access resource")


def check_areas(options: Options) -> None:
    """Raise ValueError for areas of permission that do not exist, because naming them would refuse nothing."""
    unknown = sorted({*words(options.missing_scopes), *words(options.restricted_areas)} - set(AREAS))
    if unknown:
        raise ValueError(f"unknown area: {', '.join(unknown)}; known: {', '.join(AREAS)}")
