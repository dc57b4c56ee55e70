"""The contract-test harness: a stub of the service, and checks of responses by the rules of the contract."""
