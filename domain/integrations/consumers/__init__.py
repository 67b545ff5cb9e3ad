"""Consumer groups: several workers of one service share a feed, each event going to one of them."""
