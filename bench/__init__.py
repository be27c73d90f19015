"""Figures measured side by side with peers: `python -m bench` runs all, `--only ID` one."""
