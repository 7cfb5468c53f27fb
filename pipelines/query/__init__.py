"""An answer of the database: shown to a person, written for a program, asked for at a prompt, and why there is none."""
