"""Writes mutants as files for tools that stand in for a server in tests: MSW, WireMock and Playwright."""
