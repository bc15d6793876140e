"""Synchronization of model families: activity on GitHub (upstream) against activity on the Hub (variants). Pure.

profile    how times are read and which commits count; the eight patterns
activity   sets of active buckets -> lag, type, intensity, pattern; chance and phase checks
families   commits, columnar -> families with their buckets, halves, switch gaps and propagation delays
commit     one commit's flags (bot, merge, initial, references) by rule
change     one commit's change type by rule
upstream   the upstream repository of a model, scored
"""
