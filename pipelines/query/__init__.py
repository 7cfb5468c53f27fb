"""Ad-hoc SQL: asking the database, showing rows, writing them in formats for programs, the prompt, and errors."""
