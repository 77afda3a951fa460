"""``python -m cli`` is ``gochim``."""

from cli.main import main

main()
