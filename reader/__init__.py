"""The archive in a browser: a Datasette plugin with pages of its own, read-only and on loopback."""
