"""Reading and writing WARC files, beside warcio and FastWARC."""
