"""The command line, one module a family of commands: no rule of the model, no statistics."""

from sim.cli.command import main

__all__ = ["main"]
