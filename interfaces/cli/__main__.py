"""The way in: `python -m interfaces.cli ROLE`, which `run.py` calls."""

from interfaces.cli.app import main

main()
