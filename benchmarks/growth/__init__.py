"""What each stage costs as an archive grows: by capture, look-up, article, version, change or page."""
