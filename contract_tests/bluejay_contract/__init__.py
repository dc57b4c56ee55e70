"""The contract-test harness: a stub of the service, and rules that check responses against the contract."""
