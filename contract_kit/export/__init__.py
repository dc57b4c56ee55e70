"""Exports mutants for MSW, which replaces a server in tests in Node.js and browsers."""
