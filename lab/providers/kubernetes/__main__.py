"""Run the stand-in as the engine does: `python -m lab.providers.kubernetes`."""

from lab.providers.kubernetes.plugin import KubernetesPlugin
from lab.providers.server import serve

serve(KubernetesPlugin(package="pulumi_kubernetes"))
