"""The command line: `sixparty NOUN VERB`, `sixparty brief`."""

from sixparty.cli.app import main

__all__ = ["main"]
