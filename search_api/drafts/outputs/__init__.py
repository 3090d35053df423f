"""A draft with its citations put in, in each format."""
