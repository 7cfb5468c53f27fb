-- One row per teammate, bot and team whose name is in the rows of conversations: the name that it had.
select entity, id, name
from current_names
