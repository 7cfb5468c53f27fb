"""Changes of a conversation's owner, and how much of them the parts show."""

from simulator.changes.conversations.act import acting
from simulator.changes.scene import Change, Scene
from simulator.record import Record
from simulator.workspace.conversation_rules.dialogue import Dialogue
from simulator.workspace.people import reference


def _assigned(scene: Scene, dialogue: Dialogue) -> None:
    bot = reference("bot", scene.cast.fin["id"])
    to = scene.dice.pick((_teammate(scene), scene.dice.pick(scene.cast.teams), bot, None))
    dialogue.assign(scene.author(), "assignment", to)


def _assigned_and_opened(scene: Scene, dialogue: Dialogue) -> None:
    part_types = {"closed": "assign_and_reopen", "snoozed": "assign_and_unsnooze"}
    dialogue.assign(scene.author(), part_types[dialogue.conversation["state"]], _teammate(scene))


def _taken_from_who_is_away(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.assign(scene.cast.operator, "away_mode_assignment", scene.dice.pick((None, *scene.cast.teams)))


def _is_owned(record: Record) -> bool:
    return record["admin_assignee_id"] is not None


def _assigned_in_one_step(scene: Scene, dialogue: Dialogue) -> None:
    teammate, team = _teammate(scene), scene.dice.pick(scene.cast.teams)
    dialogue.assign_in_one_step(scene.author(), teammate, team, scene.dice.pick((teammate, team)))


def _given_without_a_part(scene: Scene, dialogue: Dialogue) -> None:
    dialogue.set_owners(_teammate(scene), scene.dice.pick((None, *scene.cast.teams)))


def _teammate(scene: Scene) -> Record:
    return reference("admin", scene.author()["id"])


KINDS: dict[str, tuple[float, Change]] = {
    "conversation_assigned": (5, acting(_assigned)),
    "conversation_assigned_and_opened": (1, acting(_assigned_and_opened, lambda record: record["state"] != "open")),
    "conversation_taken_from_who_is_away": (0.5, acting(_taken_from_who_is_away, _is_owned)),
    "conversation_assigned_in_one_step": (1, acting(_assigned_in_one_step)),
    "conversation_given_without_a_part": (0.5, acting(_given_without_a_part)),
}
