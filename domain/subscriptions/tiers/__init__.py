"""What people pay for by the month or the year, and what that lets them do."""
