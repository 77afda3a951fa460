"""``python -m cli`` is ``gochim``."""

from cli.start import main

main()
