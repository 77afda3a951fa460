"""Ways in which an archive of versions can be kept: ours, whole files in git, and NewsDiffs' way."""
