"""What models are told, seen from the domain: real variables for every prompt, and a team's own."""
