"""The definitions of docs/metrics.md and of the marts' columns a second time, in plain Python, without the SQL.

`random_history` draws what happens in a conversation, `record` shows it as the API does, and a module for each mart
says which rows it must have; `test_definitions` compares them with what two syncs and builds have made of the records.
A history knows what happened, and the models have to find it out. `tickets` draws tickets in the same way, and `people`
contacts, some of whom are merged into others between the two builds.

Covered: every duration, count, outcome and owner of fct_conversations, fct_response_turns, fct_handovers, fct_sla (own
targets), fct_csat, fct_backlog_conversations, the stock and the flows of fct_backlog_daily, fct_teammate_weekly,
fct_bot_weekly, fct_support_daily, fct_support_periods and fct_tickets; what dim_contacts and dim_companies count; with
lunch, holidays, a night over a clock change, and a team overseas. Intercom's own figures (`statistics`) are sent, and
compared by the check of qa_reconciliation. Where the oldest parts are missing (`missing_parts`), no figure is another.

Not covered: closes that left no part, names, tags, articles and messages; these have worked-out stories, and tests in
the files of their models.
"""
