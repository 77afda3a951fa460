"""The crawl beside its peers: one static server, the same pages for each, in turn, several times over."""
