"""An article's fields out of its page, beside parsel, BeautifulSoup and trafilatura."""
