"""A demonstration node of its own for a test: started on free ports over a new folder, ended with it."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile


class DemoNode:
    """with DemoNode(program) as node: node.url, node.dicom_port, node.folder"""

    def __init__(self, program, port=0):
        """port: where links in answers must be right, else any."""
        self.program = program
        self.port = port
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="meridian-e2e-"))
        self.data_folder = self.folder / "node"
        self.database = os.environ.get("MERIDIAN_TEST_DATABASE", "")  # of tools/with_postgresql.sh
        self.process = None

    def __enter__(self):
        # Without real data, so that the test does the same everywhere.
        environment = dict(os.environ, MERIDIAN_DATA=str(self.folder / "no-data"))
        command = [self.program, "demo", "--port", str(self.port), "--dicom-port", "0",
                   "--data-folder", str(self.data_folder)]
        if self.database:
            command += ["--database", self.database]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.url = self._wait_for(r"^Open\s+(\S+?)/?$")
        self.dicom_port = int(self._wait_for(r"^DICOM\s+127\.0\.0\.1:(\d+)"))
        return self

    def __exit__(self, *unused):
        if self.process:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait_for(self, pattern):
        for line in self.process.stdout:
            match = re.search(pattern, line.rstrip())
            if match:
                return match[1]
        raise AssertionError(f"the node ended ({self.process.wait()}) before it printed {pattern}")

    def stop(self):
        """Ends the node as an operator would; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        self.process.stdout.close()
        status = self.process.wait(timeout=60)
        self.process = None
        return status


class Client:
    """Somebody signed in, by curl."""

    def __init__(self, node, username, password="meridian-demo"):
        self.url = node.url
        self.token = None
        self.token = self.post("/auth/sign-in", {"username": username, "password": password})["token"]

    def call(self, method, path, *arguments):
        """(status, body) of a request."""
        command = ["curl", "-sS", "-X", method, "-w", "\n%{http_code}", self.url + path, *arguments]
        if self.token:
            command += ["-H", f"Authorization: Bearer {self.token}"]
        output = subprocess.run(command, check=True, capture_output=True, timeout=120).stdout
        body, _, status = output.rpartition(b"\n")
        return int(status), body

    def json(self, method, path, *arguments):
        status, body = self.call(method, path, *arguments)
        if status >= 300:
            raise AssertionError(f"{method} {path} gave {status}: {body[:500].decode()}")
        return json.loads(body) if body else None

    def get(self, path):
        return self.json("GET", path)

    def post(self, path, content=None):
        return self.json("POST", path, "-H", "Content-Type: application/json", "-d", json.dumps(content or {}))

    def wait_for(self, path, holds):
        """What the path gives once it holds. Between looks it waits for the node to say that something changed."""
        events = subprocess.Popen(["curl", "-sSN", "--max-time", "120", "-H", f"Authorization: Bearer {self.token}",
                                   self.url + "/care/events"], stdout=subprocess.PIPE, text=True)
        try:
            while True:
                page = self.get(path)
                if holds(page):
                    return page
                if not any(line.startswith("event:") for line in events.stdout):
                    raise AssertionError(f"{path} did not come to hold: {json.dumps(page)[:1000]}")
        finally:
            events.kill()
            events.stdout.close()
            events.wait()
