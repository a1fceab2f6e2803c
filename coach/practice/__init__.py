"""A session while it is played: how it opens, how its turns run, how hints are given."""
