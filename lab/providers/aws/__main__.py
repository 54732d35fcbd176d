"""Run the stand-in as the engine does: `python -m lab.providers.aws`."""

from lab.providers.aws.plugin import AwsPlugin
from lab.providers.server import serve

serve(AwsPlugin(package="pulumi_aws"))
