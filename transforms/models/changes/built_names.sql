-- One row per teammate, bot, team, member of a team and workspace: the name or address that it had.
select entity, id, name
from current_names
