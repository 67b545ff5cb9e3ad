"""What group buying has to bear: crowds that join, crowds that look on, and a market full of groups."""
