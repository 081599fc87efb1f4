"""Looking at the corpus before and after a build: check, preview, plan, why."""
