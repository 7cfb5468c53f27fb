"""One command a file: its options and examples (`app`), and what it does. Named as on the command line."""
