"""Designs: small reusable ways to put a question, each proven on simulated nulls and planted effects."""
