"""One module for each kind of file, loaded when such a file is met: ``rows(content, path)``."""
