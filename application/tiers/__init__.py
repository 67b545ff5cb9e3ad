"""Paid tiers: what is asked of the providers who charge for them, and what they say."""
