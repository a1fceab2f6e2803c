"""Files of every kind become items of evidence, each field with where it comes from."""
