"""Make the requests with requests under warcio's capture_http; called with a WARC file and a file of requests."""

import base64
import json
import sys
from pathlib import Path

# Imported first: it replaces what requests is built on.
from warcio.capture_http import capture_http  # isort: skip

import requests
import urllib3

urllib3.disable_warnings()
target, jobs = sys.argv[1:]
with capture_http(target, warc_version="1.1"):
    for job in json.loads(Path(jobs).read_text()):
        try:
            requests.request(
                job["method"], job["url"], headers=dict(job["headers"]), data=base64.b64decode(job["body"]) or None,
                allow_redirects=False, verify=False, timeout=4,
            )  # fmt: skip
        except Exception as fault:  # noqa: BLE001 - what it raises is its own business; the next request is made
            print(job["url"], repr(fault), file=sys.stderr)
