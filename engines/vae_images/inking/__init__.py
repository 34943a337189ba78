"""Drawings as flat colours under ink: the parts that they are put together of, and the inker, which
reads off a point what its picture is made of and draws that."""

__all__ = ["inker", "parts"]
