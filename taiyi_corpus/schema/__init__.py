"""The one schema: the record type and its Arrow form."""
