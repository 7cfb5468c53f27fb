"""What others have that a build keeps: their privileges; and which models of a folder failed."""

PRIVILEGES = """
    select relname, attname, privilege_type, is_grantable from (
        select c.relname, null as attname, (aclexplode(c.relacl)).* from pg_class as c
        where relnamespace::regnamespace::text in ('intercom', 'intercom_staging') union all
        select c.relname, a.attname, (aclexplode(a.attacl)).* from pg_attribute as a
        inner join pg_class as c on c.oid = a.attrelid
        where relnamespace::regnamespace::text in ('intercom', 'intercom_staging')
    ) as each where grantee in (0, 'analyst'::regrole) order by 1, 2, 3
"""

NOON = 1_714_564_800  # calendars begin with the data: half a century of them takes a second of every build


def built(house, folder, **options):
    report = house.build(folder=folder, **options)
    return {model.name: model.error for model in report.models if model.status == "failed"}
