"""Why a destination fails, in words that say what to do and quote nothing of a row."""
