"""People who practise from a messenger: what they sent, who they are, and where each talk is held.

Which messenger that is, is the door's affair; here it is a workspace, its users and its threads.
"""
