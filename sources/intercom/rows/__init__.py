"""From JSON to exact, typed rows: tables and columns with their meanings, flattening, column types."""
