"""Goods that are listed to be sold in pieces, one by one or by the pallet."""
