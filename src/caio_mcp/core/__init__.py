"""Facts in, a decision out: pure functions of values, no files, no clock, no network."""
