"""A roster file becomes students: reading, checking, reviewing and confirming what a school sends."""
