"""The pages over HTTP: one of two windows on `service`, the other is the command line. It reads and never writes."""

from sixparty.web.app import app, create_app

__all__ = ["app", "create_app"]
