"""What sellers bill and give back: numbered papers that stay as they are."""
