-- One row per article and language in which it has a text: its own language, and those it is translated into.
with

own_languages as (
    select
        article_id,
        collection_id,
        -- a help center in one language does not name it
        coalesce(default_locale, 'default') as locale,
        true as is_default_locale,
        title,
        state,
        updated_at_epoch
    from stg_articles
),

translations as (
    select
        stg_articles.article_id,
        stg_articles.collection_id,
        help_center_locales.locale,
        false as is_default_locale,
        (stg_articles.translated_content -> help_center_locales.locale) ->> 'title' as title,
        (stg_articles.translated_content -> help_center_locales.locale) ->> 'state' as state,
        (stg_articles.translated_content -> help_center_locales.locale) ->> 'updated_at' as updated_at_text,
        stg_articles.updated_at_epoch
    from stg_articles
    cross join help_center_locales
    -- the article's own language may be among its translations, too
    where stg_articles.default_locale is null or stg_articles.default_locale <> help_center_locales.locale
)

select article_id, collection_id, locale, is_default_locale, title, state, updated_at_epoch
from own_languages
union all
select
    article_id,
    collection_id,
    locale,
    is_default_locale,
    title,
    state,  -- published or draft, in this language
    case
        when regexp_matches(updated_at_text, '^[0-9]{1,12}$') then cast(updated_at_text as bigint)
        else updated_at_epoch
    end as updated_at_epoch  -- of the text in this language, where Intercom says it; else of the article
from translations
where state is not null
