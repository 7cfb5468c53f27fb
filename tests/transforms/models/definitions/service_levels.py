"""fct_sla: what the settings promise, and whether it was kept. All in business seconds."""

from tests.transforms.models.definitions.turns import turns


def rows(workspace):
    """Rows of fct_sla: inbound conversations; their targets are those of the priority that they have now."""
    for history in workspace.histories:
        if history.is_inbound:
            target = workspace.target(history.priority)
            found = {
                **first_response(history, workspace, target["first_response_seconds"]),
                **next_response(history, workspace, target.get("next_response_seconds")),
                **resolution(history, workspace, target.get("resolution_seconds")),
            }
            statuses = {found[name] for name in found if name.endswith("_status")}
            order = ("missed", "active", "hit", "cancelled")  # missed if one is, else active if one is, ...
            own_status = next(status for status in order if status in statuses)
            yield {"conversation_id": history.conversation_id, **found, "own_status": own_status}


def questions(history, workspace):
    """(outcomes, waits) of each question: one that was closed unanswered and opened again is still the same one."""
    found = []
    for turn in turns(history):
        hours = workspace.hours(history.at_end_of(turn.asked_at).team)
        if not turn.is_opened_again:
            found.append(([], []))
        found[-1][0].append(turn.outcome)
        found[-1][1].append(hours.seconds(turn.asked_at, turn.waited_until(workspace.now)))
    return found


def first_response(history, workspace, target):
    """Missed (also in silence), hit, active (still in time) or cancelled (closed in time without a reply)."""
    asked = questions(history, workspace)
    outcomes, waits = asked[0] if asked else ([], [])
    wait = max(waits, default=None)
    status = status_of_replies(outcomes, wait, target) if outcomes or history.is_closed else None
    return {"first_response_seconds": wait, "first_response_status": status}


def status_of_replies(outcomes, wait, target):
    if wait is not None and wait > target:
        return "missed"
    if "waiting" in outcomes:
        return "active"
    return "hit" if "answered" in outcomes else "cancelled"


def next_response(history, workspace, target):
    """The longest wait of the later questions; active where one may still come."""
    later = questions(history, workspace)[1:]
    wait = max((wait for _, waits in later for wait in waits), default=None)
    outcomes = [outcome for each, _ in later for outcome in each]
    status = None if target is None else status_of_replies(outcomes, wait, target)
    if status == "cancelled" and not history.is_closed:
        status = "active"
    return {"next_response_seconds": wait, "next_response_status": status}


def resolution(history, workspace, target):
    """From the first customer message to the last close, or until now; by the hours of the team that has it now."""
    closes = [event.at for event in history.closes_since_asked]
    until = workspace.now if not history.is_closed else closes[-1] if closes else None
    elapsed = None if until is None else workspace.hours(history.team).seconds(history.asked.at, until)
    if target is None:
        status = None
    elif elapsed is None:
        status = "cancelled"
    else:
        status = "missed" if elapsed > target else "hit" if history.is_closed else "active"
    return {"resolution_seconds": elapsed, "resolution_status": status}
