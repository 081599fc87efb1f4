"""What depends on the language of a text: sentence bounds, words, token estimates."""
