"""Articles into a database that can be searched, beside row by row upserts of sqlite-utils."""
