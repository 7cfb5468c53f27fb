"""Tables that models read and nobody loads: the calendar, office hours, settings."""
