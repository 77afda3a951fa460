"""All numbered migrations of ``versions.db``; those that have landed are never edited."""

from storage.migrations import first_tables, kept, search_index, site_changes, told
from storage.migrations.numbered import in_order

__all__ = ["MIGRATIONS", "first_tables", "kept", "search_index", "site_changes", "told"]

MIGRATIONS = in_order()
