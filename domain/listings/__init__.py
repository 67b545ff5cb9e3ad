"""Goods that people offer, from the draft to the sale, and what others do with them: favourites and inquiries."""
