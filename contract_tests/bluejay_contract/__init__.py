"""The contract-test harness: a stub of the service, and rules for checking responses against the contract."""
