"""The contract-test harness: a stub of the service, the rules of the contract, and their mutants."""
