"""Many contracts of one direct process from one spreadsheet: what is wrong in each row, and drafting the good ones."""
