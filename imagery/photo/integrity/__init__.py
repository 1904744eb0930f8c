"""Signals of what happened to a photo file on its way: one kind a file.

Each module is pure functions from what was read of the file to ``signal.Signal``; ``..signals``
puts them together.
"""
