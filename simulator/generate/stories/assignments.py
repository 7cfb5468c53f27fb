"""The owners of a conversation, and how much of them the parts show."""

from collections.abc import Callable

from simulator.dice import Weighted
from simulator.generate import words
from simulator.generate.stories.story import Story
from simulator.workspace.people import reference


def _team_and_teammate(story: Story) -> None:
    _team(story)
    if story.dice.happens(0.05):
        to_fin = reference("bot", story.cast.fin["id"])
        story.then(0, story.dialogue.assign, story.cast.operator, "workflow_assignment", to_fin)
    _teammate(story)


def _team(story: Story) -> None:
    wait_seconds = story.dice.within(0, 5)
    story.then(wait_seconds, story.dialogue.assign, story.cast.operator, "default_assignment", story.team())


def _teammate(story: Story) -> None:
    by = story.cast.operator if story.dice.happens(0.5) else story.teammate
    note = words.body(story.dice, words.NOTES) if story.dice.happens(0.1) else None
    story.then(story.wait(300), story.dialogue.assign, by, "assignment", story.owner(), note)


def _both_in_one_step(story: Story) -> None:
    """Assign team and teammate, with a part for only one of the two (Intercom-OpenAPI#635)."""
    owner, team = story.owner(), story.team()
    by = story.cast.operator if story.dice.happens(0.5) else story.teammate
    shown = story.dice.pick((owner, team))
    story.then(story.wait(120), story.dialogue.assign_in_one_step, by, owner, team, shown)


def _without_a_part(story: Story) -> None:
    story.dialogue.set_owners(story.owner(), story.team() if story.dice.happens(0.6) else None)


def _nobody(_: Story) -> None:
    """Leave the story without an assignment: the teammate answers from the list of unassigned conversations."""


FIRST_OWNERS: Weighted[Callable[[Story], None]] = Weighted(
    {_team_and_teammate: 50, _teammate: 14, _team: 10, _both_in_one_step: 9, _without_a_part: 7, _nobody: 10}
)


def assign(story: Story) -> None:
    """Play the first assignment: give the story's conversation its owner."""
    FIRST_OWNERS.throw(story.dice)(story)


def _to_another_teammate(story: Story) -> None:
    by = story.dice.pick(story.cast.admins)
    story.teammate = story.dice.pick(story.cast.admins)
    story.then(story.wait(600), story.dialogue.assign, by, "assignment", story.owner())


def _to_another_team(story: Story) -> None:
    """Play an assignment to another team, which takes it from the teammate, whoever answers next."""
    story.then(story.wait(600), story.dialogue.assign, story.teammate, "assignment", story.team())
    story.teammate = story.dice.pick(story.cast.admins)
    if story.dice.happens(0.5):
        _teammate(story)


def _to_nobody(story: Story) -> None:
    story.then(story.wait(600), story.dialogue.assign, story.teammate, "assignment", None)


def _to_both(story: Story) -> None:
    story.teammate = story.dice.pick(story.cast.admins)
    _both_in_one_step(story)


CHANGES: Weighted[Callable[[Story], None]] = Weighted(
    {_to_another_teammate: 50, _to_another_team: 25, _to_nobody: 10, _to_both: 15}
)


def change_owner(story: Story) -> None:
    """Play a later assignment: hand the conversation on, give it back or take it away."""
    CHANGES.throw(story.dice)(story)
