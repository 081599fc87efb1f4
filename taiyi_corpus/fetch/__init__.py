"""Gets the raw files of datasets: downloads them, files what was got by hand, and locks what they are."""
