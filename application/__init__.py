"""How commands run, and what follows from events: handlers, processes, effects and jobs."""
