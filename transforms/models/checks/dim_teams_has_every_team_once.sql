-- error: dim_teams has one row for every team, and their open conversations are all that are open.
with

expected as (
    select count(*) as count_open from fct_conversations where state = 'open'
),

found as (
    select
        count(*) as count_rows,
        count(distinct team_id) as count_teams,
        sum(count_open_conversations) as count_open
    from dim_teams
),

missing as (
    select count(*) as count_teams
    from stg_teams
    left join dim_teams on stg_teams.team_id = dim_teams.team_id
    where dim_teams.team_id is null
)

select found.count_rows, found.count_teams, found.count_open
from found
cross join expected
cross join missing
where
    found.count_rows <> found.count_teams
    or coalesce(found.count_open, 0) <> expected.count_open
    or missing.count_teams > 0
