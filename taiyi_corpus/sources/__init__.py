"""Where the bytes are: files below a dataset's folder, on disk or inside archives."""
