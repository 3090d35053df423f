"""The door to citeproc-py: CSL styles loaded, compiled for speed, and applied to sources.

`styles` finds a style by name, `loading` parses it, `compiling` turns it into functions for works of one
kind, `sorting` orders a list, `finishing` and `manuals` do what citeproc-py leaves out. Nothing outside
this folder imports citeproc.
"""
