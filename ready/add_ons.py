"""EKS's add-ons that a stack may need, and the commands that install them."""

from ready.needs import Needs

POD_IDENTITY_AGENT = "eks-pod-identity-agent"
EBS_DRIVER = "aws-ebs-csi-driver"
METRICS_SERVER = "metrics-server"


def installation(add_on: str, needs: Needs) -> str:
    """Return the command that installs an add-on on the stack's EKS cluster."""
    store = needs.settings.object_store
    cluster = f"{store.aws.eks_cluster} --region {store.region}" if store.aws else "NAME"
    return f"aws eks create-addon --cluster-name {cluster} --addon-name {add_on}"
