"""The formats, one a file: the folder is the list. Each file has `FORMATS`."""
