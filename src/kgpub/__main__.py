"""`python -m kgpub`."""

from kgpub.cli import main

main()
