-- One row per teammate, bot, team and member of a team: the name that it had.
select entity, id, name
from current_names
