"""`python -m taiyi_corpus` is the command line."""

from taiyi_corpus.cli import main

if __name__ == "__main__":  # worker processes import this module too
    main()
