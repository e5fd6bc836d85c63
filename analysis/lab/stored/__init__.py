"""The reel that ships with the program, so that the lab opens at once: `python -m analysis.lab.stored` makes it anew."""

from pathlib import Path

STORED = Path(__file__).resolve().parent / "classroom"
