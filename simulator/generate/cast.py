"""Who may act in a workspace: teammates present and departed, bots, teams."""

from simulator.workspace import Workspace
from simulator.workspace.people import admin_author, bot_author, reference


class Cast:
    """The cast: who may act in conversations and tickets; built once, because it is asked for in every one."""

    def __init__(self, workspace: Workspace) -> None:
        departed = [record for _, record in workspace.admins.gone.values()]
        self.admins = [admin_author(admin) for admin in [*workspace.admins, *departed]]
        self.present_admins = self.admins[: len(workspace.admins)]
        self.operator, self.fin = (bot_author(bot) for bot in workspace.bots)
        self.teams = [reference("team", team["id"]) for team in workspace.teams]
        self.tags = list(workspace.tags)
