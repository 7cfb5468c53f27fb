-- One row per team that something names.
select team_id, name from dim_teams
