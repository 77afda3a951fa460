"""The database made anew from WARC files, beside pipelines put together from well-known parts."""
