"""What a payment is for: an order of the shop, or a member's contribution to a group purchase."""

ORDER = "order"
CONTRIBUTION = "contribution"
