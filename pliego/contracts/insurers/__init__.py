"""Insurers and banks as parties: each confirms its own guarantee by a signed link that serves once."""
