"""What runs in environments of their own, with an engine's own packages: started as files, never imported."""

from pathlib import Path

PROGRAMS = Path(__file__).parent
