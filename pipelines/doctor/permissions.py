"""The permissions in Intercom's Developer Hub that an access token needs, and what each lets us read."""

WHERE = "Intercom > Settings > Integrations > Developer Hub > your app > Authentication"

# Box -> resources, by the names of the Developer Hub. None of them lets anybody write.
PERMISSIONS: dict[str, tuple[str, ...]] = {
    "Read admins": ("workspace", "admins", "teams"),
    "Read admin activity logs": ("activity_logs",),
    "Read and list users and companies": (
        *("contacts", "companies", "segments", "contact_segments", "contact_subscriptions", "subscription_types"),
        *("data_attributes", "visitors"),
    ),
    "Read tags": ("tags",),
    "Read conversations": ("conversations",),
    "Read tickets": ("tickets", "ticket_types"),
    "Read events": ("data_events", "data_event_summaries"),
    "Read and list articles": ("articles", "collections", "help_centers"),
    "Read news": ("news_items", "newsfeeds"),
    "Export content data": ("content_export",),
}
# Unversioned changes of July 2024, "Enforce ticket permissions on the Conversations API".
OF_TICKETS = 'Without "Read tickets", a conversation that becomes a ticket is read no more either, and stays as it was.'
