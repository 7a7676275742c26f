"""Circulars, read: to whom one goes (`audiences`), what stands in the place of its merge fields (`merging`), the letter
that each reader gets (`composing`), and what became of the copies (`delivery`). What happens to circulars is
`members.operations.circulars`.
"""
