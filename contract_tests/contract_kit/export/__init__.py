"""Writes mutants as files for tools that replace a server in tests: MSW, WireMock and Playwright."""
