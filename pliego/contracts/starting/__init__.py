"""The start of a contract: its conditions, and the record that both parties sign."""
