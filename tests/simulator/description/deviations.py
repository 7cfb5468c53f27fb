"""Where the real API differs from its official description, so that the simulator differs too, each with its reason."""

UNSET = "unset values are null in live answers although the description does not say so"
DEVIATIONS = {
    r"listAdmins\.admins\[\]\.avatar: dict instead of string": "described as a URL for admins, an object in lists",
    r"\.job_title: null": UNSET,
    r"\.(email|email_domain): null": UNSET,
    r"\.statistics\.\w+: null": UNSET,
    r"\.source\.type: null": UNSET,
    r"\.conversation_rating\.(remark|teammate): null": UNSET,
    r"\.sla_applied\.sla_status: null": UNSET,
    r"\.assigned_to: null": UNSET,
    r"\.attachments\[\]\.(width|height): null": "files that are no pictures have no size in pixels",
    r"\.ticket_attributes\..*: null": "the description's own example shows an unset attribute as null",
    r"(\.ticket_type|getTicketType)\.description: null": UNSET,
    r"\.custom_attributes\..*": "described as text; live values are text, numbers, booleans, times and null",
    r"\.last_closed_by_id: int instead of string": "described as text, a number in live answers",
    r"\.pages\.next: str instead of object": "described as a cursor; lists by page number answer a URL",
    r"lisDataAttributes\.data\[\]\.model: 'conversation' .*": "the conversation model is missing in the enumeration",
    r"\.person_type: 'company' .*": "company segments come by an undocumented parameter and have no described value",
    r"lisDataEvents\.type: 'event\.list' .*": "only the summary is described; plain lists answer event.list",
}
"""Pattern of `place: problem` -> why it is right."""
