"""Instructions: tasks, templates, answer styles and their parsers."""
