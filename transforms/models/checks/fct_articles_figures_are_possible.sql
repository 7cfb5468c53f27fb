-- warn: Shares of an article's reactions are between 0 and 1, and nothing is counted below 0.
select article_id
from fct_articles
where
    happy_share < 0
    or happy_share > 1
    or sad_share < 0
    or sad_share > 1
    or count_views < 0
    or count_conversations < 0
    or count_reactions < 0
