"""What a coach keeps, in one file that another coach takes up, on whichever database."""
