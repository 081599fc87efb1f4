"""Export: rows, shards, manifest, card, ledger file."""
