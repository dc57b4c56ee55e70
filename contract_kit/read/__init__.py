"""Reads documents: files, references, operations, and schemas as plain JSON Schema."""
