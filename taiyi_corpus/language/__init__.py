"""What depends on the language of a text: token estimates and sentence bounds."""
