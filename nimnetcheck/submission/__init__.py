"""Submissions: what a NIM sends for licensing and usage, step by step."""
