"""What auditors take away: a program that checks proofs without ours."""
