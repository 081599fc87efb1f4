"""Publishing: a finished build, or one dataset in the one schema, to the Hugging Face Hub or any folder."""
