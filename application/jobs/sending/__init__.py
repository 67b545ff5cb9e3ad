"""What is sent to people: letters, texts and codes, each by its port."""
