"""What is too large for the tests, done for real: whole Debian systems are made, booted, installed on and broken.

As root on Debian: `make install-test`, `make units-test`, `make network-test`, `make container-test`.
"""
