"""The rules, by what they are about; each module here has RULES, and the folder is the list."""
