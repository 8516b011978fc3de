"""Starts and watches the servers that a benchmark compares, on free ports of this machine."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request


def free_port():
    """A port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One server process; use it in a `with` block."""

    def __init__(self, name, command, log_path, fields=None):
        """`command` may hold {port}; its output goes to `log_path`; `fields` are this server's own in a request."""
        self.name = name
        self.fields = fields or {}
        self.port = free_port()
        self.command = [part.format(port=self.port) for part in command]
        self.log_path = log_path

    def __enter__(self):
        self.log = open(self.log_path, "w")
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended at once; see {self.log_path}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2) as answer:
                    if answer.status == 200:
                        return self
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            time.sleep(0.2)
        self.__exit__()
        raise RuntimeError(f"{self.name} was not ready within three minutes; see {self.log_path}")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def model(self):
        """The name by which this server wants its first model called."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v1/models", timeout=10) as answer:
            return json.load(answer)["data"][0]["id"]

    def memory(self, field="VmRSS"):
        """Memory of the process in MiB: VmRSS now, VmHWM at its peak, RssAnon without mapped files."""
        return self.status(field) / 1024

    def threads(self):
        """How many threads the process has."""
        return self.status("Threads")

    def status(self, field):
        """A number of what the kernel says of the process; sizes in KiB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            for line in status:
                if line.startswith(field + ":"):
                    return int(line.split()[1])
        return 0


def machine():
    """What the figures were measured on, in one line."""
    name = "unknown processor"
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("model name"):
                name = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{name}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB"
