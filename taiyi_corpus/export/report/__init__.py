"""report.html: one file, no external request, that shows what a build is made of."""
