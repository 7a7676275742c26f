"""How gunicorn serves the portal; read by ``gunicorn --config gunicorn.conf.py icoca_portal.wsgi``.

WEB_CONCURRENCY (processes), WEB_THREADS (threads in each), BIND, LOG_FORMAT and LOG_LEVEL come from the environment.
"""

import os
import sys
from pathlib import Path

# gunicorn reads this file before it looks for the application, and perhaps from another folder.
sys.path.insert(0, str(Path(__file__).parent))

from icoca_portal.logs import configuration

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# One load of the application for all workers: a quick start, shared memory, and a fault in it ends the start at once.
preload_app = True
timeout = 30
graceful_timeout = 8
keepalive = 5
# A worker is renewed now and then, which bounds what a leak in a library can do.
max_requests = 5000
max_requests_jitter = 500
# Not in /tmp: on a disk that is busy the heartbeat would stall and a healthy worker be killed.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
# The control interface is not used, and would leave a socket in the home folder.
control_socket_disable = True

logconfig_dict = configuration(
    os.environ.get("LOG_FORMAT", "json"), os.environ.get("LOG_LEVEL", "INFO"), "gunicorn.error", "gunicorn.access"
)
