"""What is asked at the counters where the goods of groups are handed out."""
