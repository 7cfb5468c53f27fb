"""The areas that the token may read, and those that the workspace's plan includes."""

from simulator.errors import ApiError
from simulator.options import Options, words

PLAN_MESSAGES = {
    "activity_logs": "This feature is not yet available to your app",
    "conversations": "Active subscription needed.",
}
UNAUTHORIZED = 401


def check_area(area: str, options: Options) -> None:
    """Refuse an area without permission: the plan leaves it out or the token has no scope, which `/me` needs too."""
    if area in words(options.restricted_areas):
        raise ApiError(403, "api_plan_restricted", PLAN_MESSAGES.get(area, "Active subscription needed."))
    if not may_read(area, options):
        status = options.missing_scope_status
        code = "token_unauthorized" if status == UNAUTHORIZED else "forbidden"
        raise ApiError(status, code, "Not authorized to access resource")


def may_read(area: str, options: Options) -> bool:
    """Return True if the token has the scope of an area."""
    return area not in words(options.missing_scopes)
