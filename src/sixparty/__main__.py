"""`python -m sixparty` is `sixparty`."""

from sixparty.cli import main

main()
