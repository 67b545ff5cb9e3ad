"""What the market comes to, from day to day: figures for sellers and for those who run it."""
