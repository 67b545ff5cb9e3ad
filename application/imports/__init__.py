"""Imports: files of other systems read into listings, row by row, with nothing passed over in silence."""
