"""The definitions of docs/metrics.md and of the marts' columns a second time, in plain Python, without the SQL.

`random_history` draws what happens in a conversation, `record` shows it as the API does, and a module for each mart
says which rows it must have; `test_definitions` compares them with what two syncs and builds have made of the records.
A history knows what happened, and the models have to find it out.

Covered: every duration, count, outcome and owner of fct_conversations, fct_response_turns, fct_handovers, fct_sla (own
targets), fct_csat, fct_backlog_conversations, the stock and the flows of fct_backlog_daily, fct_teammate_weekly,
fct_support_daily and fct_support_periods; with lunch, holidays, a night over a clock change, and a team overseas.
Intercom's own figures (`statistics`) are sent, and compared by the check of qa_reconciliation.

Not covered: closes that left no part, parts that are missing, names, tags, tickets, contacts, companies and bots'
weeks; these have worked-out stories, and tests in the files of their models.
"""
