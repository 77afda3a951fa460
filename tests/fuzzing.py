"""Coverage-guided fuzzing by Atheris: ``make fuzz``, or ``python -m tests.fuzzing NAME [options of libFuzzer]``.

What it has learned stays in ``build/fuzz/NAME``, and so does what broke a law, which becomes a case of the module that
broke it.
"""

from __future__ import annotations

import hashlib
import sys
from importlib import import_module
from pathlib import Path

BUILD = Path(__file__).parent.parent / "build" / "fuzz"


def main() -> None:
    """Fuzz one target until libFuzzer ends the process."""
    name, *options = sys.argv[1:]
    # It is installed in an environment of its own, which this module alone is run in.
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=["crawler", "storage"]):
        targets = import_module("tests.fuzz_targets")
    corpus = BUILD / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in targets.seeds(name):
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    atheris.Setup(
        [sys.argv[0], "-rss_limit_mb=4096", "-timeout=30", f"-artifact_prefix={corpus}-", *options, str(corpus)],
        targets.TARGETS[name],
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
