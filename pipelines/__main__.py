"""`python -m pipelines`: the same command as `intercom-elt`."""

from pipelines.cli import main

main()
