-- One row per tag of a conversation created since the day.
select created_on, channel, team_id, tag_name
from fct_conversation_tags
where created_on >= cast('{since}' as date)
