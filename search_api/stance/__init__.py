"""Whether a claim says what a study's record says: its direction read from the record's one sentence."""
