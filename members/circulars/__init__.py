"""What circulars are made of and what became of them. Nothing here writes: that is `members.operations`."""
