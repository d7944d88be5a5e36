"""The demonstration set: people of every role, and an act in each state, made through the services at past times."""
