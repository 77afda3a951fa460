"""What a command says, and its exit code, when Ctrl-C, SIGTERM or the end of its terminal ends it."""

INTERRUPTED = "interrupted; all that was captured is kept"
EXIT_CODE = 5
