-- error: No part is greater than its whole, and no share than 1.
select week_start, tag_id
from fct_tags_weekly
where
    count_conversations > count_all_conversations
    or share > 1
