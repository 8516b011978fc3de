#!/usr/bin/env python3
"""Schemathesis over the contract (src/api/openapi.json), against a server whose model follows a script.

Requests within the contract and beside it: none may bring the server to a 5xx, to a reply that the contract does
not describe, or to its end. Usage: contract_test.py SERVER SCHEMATHESIS short|long
"""

import subprocess
import sys
import tempfile

CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance",
          "response_headers_conformance", "response_schema_conformance", "unsupported_method",
          "allow_header_conformance")

# Requests for each operation. The short run makes up the same ones each time; the long one also goes
# through every field's borders, some 5,000 requests.
EXTENTS = {
    "short": ["--phases", "fuzzing", "--max-examples", "15", "--seed", "1"],
    "long": ["--phases", "coverage,fuzzing", "--max-examples", "100"],
}


def main():
    program, schemathesis, extent = sys.argv[1:]
    server = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    try:
        url = server.stdout.readline().strip()
        command = [schemathesis, "run", url + "/openapi.json", "--checks", ",".join(CHECKS),
                   "--continue-on-failure", "--no-color", "--generation-database", "none",
                   "--suppress-health-check", "all", "--request-timeout", "60", *EXTENTS[extent]]
        with tempfile.TemporaryDirectory() as folder:
            ended = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        print(ended.stdout[-20000:])
        if server.poll() is not None:
            sys.exit(f"the server ended with {server.returncode}")
        sys.exit(ended.returncode)
    finally:
        server.stdin.close()
        server.wait(timeout=60)


if __name__ == "__main__":
    main()
