"""The contract-test harness: a stub of the service, the rules of its contract, and mutants that prove them."""
