"""Configures JupyterHub for the tests: any user, and no users of the system."""

import os

c = get_config()  # noqa: F821

# The hub, and the servers that it starts.
c.JupyterHub.hub_ip = os.environ["HUB_ADDRESS"]
c.Spawner.ip = os.environ["HUB_ADDRESS"]

# The proxy is on a host of its own, and started there.
c.JupyterHub.proxy_class = "configurable-http-proxy"
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = os.environ["PROXY_API"]
c.JupyterHub.bind_url = os.environ["PROXY_URL"]

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["USER_PASSWORD"]
c.Authenticator.allow_all = True
c.JupyterHub.services = [{"name": "test", "api_token": os.environ["TEST_TOKEN"]}]
c.JupyterHub.load_roles = [
    {
        "name": "test",
        "services": ["test"],
        "scopes": ["admin:users", "admin:servers", "access:servers"],
    }
]

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = os.environ["USER_HOME"]
c.Spawner.notebook_dir = os.environ["NOTEBOOKS"]
c.Spawner.args = ["--ServerApp.allow_root=True"]
c.Spawner.env_keep = ["PATH", "JUPYTER_PATH"]
# Jupyter leaves its settings and checkpoints in the home folder, which is removed.
c.JupyterHub.db_url = "sqlite:///" + os.path.join(os.environ["USER_HOME"], "hub.sqlite")
c.JupyterHub.cookie_secret_file = os.path.join(os.environ["USER_HOME"], "cookie_secret")
