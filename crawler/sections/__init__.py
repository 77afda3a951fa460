"""The catalogue: every module of this package is one section of the portal.

Adding a section is adding a file; nothing else lists them.
"""

from __future__ import annotations

import importlib
import pkgutil

from crawler.section import Section


def _catalogue() -> dict[str, type[Section]]:
    """Find each module's Section subclass, in the order of the modules' names."""
    found: dict[str, type[Section]] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Section) and value is not Section:
                found[value.name] = value
    return found


SECTIONS: dict[str, type[Section]] = _catalogue()
"""Section classes by name (``policy-news``, ...)."""
