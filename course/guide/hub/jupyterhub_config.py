"""JupyterHub for one class on one server. Read course/guide/class_server.md first.

    jupyterhub -f course/guide/hub/jupyterhub_config.py

As it stands this is a TRIAL: any name logs in with one shared password, and all learners run as one system account, so that each can
read the others' files. It listens on this machine only and starts only when COURSE_HUB_TRIAL is 1. Two places to change for a real
class are marked CLASS.
"""

import os
import sys
from pathlib import Path

from course import copies

c = get_config()  # noqa: F821

COURSE = Path(__file__).resolve().parents[3]
STATE = Path(os.environ.get("COURSE_HUB_STATE", "hub_state")).resolve()  # homes, database and cookie secret; keep it out of the clone
PORT = int(os.environ.get("COURSE_HUB_PORT", "8000"))
TRIAL = os.environ.get("COURSE_HUB_TRIAL") == "1"

# Where it listens: this machine only. A real class puts a web server with TLS in front, and leaves these lines alone.
c.JupyterHub.bind_url = f"http://127.0.0.1:{PORT}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{PORT + 1}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{PORT + 2}"
c.JupyterHub.db_url = f"sqlite:///{STATE / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")

# Who may come in. CLASS: replace by your institution's log-in (oauthenticator, ltiauthenticator) or by nativeauthenticator.
if not TRIAL:
    raise SystemExit("This configuration is a trial. Set COURSE_HUB_TRIAL=1 to try it here, or choose an authenticator (see CLASS).")
STATE.mkdir(mode=0o700, parents=True, exist_ok=True)  # nobody else on the machine reads the homes
c.JupyterHub.authenticator_class = "dummy"  # NEVER for a real class: whoever knows the one password is whoever they say they are
c.DummyAuthenticator.password = os.environ["COURSE_HUB_PASSWORD"]
c.Authenticator.username_pattern = "[a-z][a-z0-9-]{0,30}"  # a name becomes a folder's name
c.Authenticator.allow_all = True

# How a learner's server starts. CLASS: systemdspawner or dockerspawner give each learner an account and enforce the limits.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(STATE / "homes" / "{username}")
c.Spawner.cmd = [str(Path(sys.executable).parent / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab/tree/00_start_here.ipynb"
c.Spawner.args = [
    "--MappingKernelManager.cull_idle_timeout=3600",  # seconds: a forgotten kernel gives its memory back
    "--MappingKernelManager.cull_interval=300",
    "--ServerApp.shutdown_no_activity_timeout=7200",
    *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),  # in a container the only user is often root
]
# Threads: without this each learner's numpy starts one per core.
c.Spawner.environment = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
# Limits. SimpleLocalProcessSpawner only tells them to the learner's server; systemdspawner, dockerspawner and kubespawner enforce them.
c.Spawner.mem_limit = "1G"
c.Spawner.mem_guarantee = "400M"
c.Spawner.cpu_limit = 1.0
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300
c.JupyterHub.concurrent_spawn_limit = 5  # the others wait for a minute and are asked to try again: a lecture room arrives all at once
c.JupyterHub.active_server_limit = 60


def copy_notebooks(spawner):
    """Give a learner copies of the notebooks at the first visit; later bring them forward with the course: what they wrote stays."""
    home = STATE / "homes" / spawner.user.name
    for line in copies.bring(copies.folder(home)):
        spawner.log.info("%s: %s", spawner.user.name, line)


c.Spawner.pre_spawn_hook = copy_notebooks
