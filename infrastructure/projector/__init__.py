"""What moves read models forward: one lane per engine, one worker at a time for each projection."""
