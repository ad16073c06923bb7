"""An open, sourced model of the Korean Peninsula's six-party relations."""

__version__ = "0.1.0"
