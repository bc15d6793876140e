"""Questions about licenses from outside the database: pairs in files, the paper's method, checkouts."""
