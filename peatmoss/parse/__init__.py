"""Pure functions from what upstream said to plain values: no database, no network, no clock."""
