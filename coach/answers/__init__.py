"""Answers that worked, offered by reps and approved by trainers: coaching material, never proof."""
