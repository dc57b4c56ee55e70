"""The contract-test harness: a stub server, strategies and checks for one endpoint."""
