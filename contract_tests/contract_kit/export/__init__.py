"""Exports mutants for tools that replace a server in tests: MSW, WireMock and Playwright."""
