"""Payments as providers make them: asking for money, hearing what became of it, and comparing the books."""
