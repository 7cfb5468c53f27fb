-- error: dim_teammates has one row for every teammate who is listed, has replied or has a conversation now, and none for a bot.
with

expected as (
    select admin_id from stg_admins
    union
    select author_id as admin_id from int_events where is_reply and author_id is not null
    union
    select admin_assignee_id as admin_id from fct_conversations where admin_assignee_id is not null
),

balance as (
    -- a bot may be listed among the teammates
    select expected.admin_id, 1 as expected, 0 as found
    from expected
    inner join int_staff on expected.admin_id = int_staff.staff_id
    where not int_staff.is_bot
    union all
    select staff_id as admin_id, -1 as expected, 0 as found
    from int_staff
    where is_bot
    union all
    select admin_id, 0 as expected, 1 as found from dim_teammates
)

select admin_id
from balance
group by admin_id
having sum(expected) > sum(found) or sum(found) > case when sum(expected) < 0 then 0 else 1 end or admin_id is null
