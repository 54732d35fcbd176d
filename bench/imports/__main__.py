"""Import the modules of Pulumi's SDKs that the product imports, and register nothing."""

import importlib
from operator import attrgetter

# One class of each module that the program uses: the SDKs load a module when one of its attributes is read.
for package, wanted in (
    ("pulumi", "export"),
    ("pulumi_aws", "eks.PodIdentityAssociation"),
    ("pulumi_aws", "iam.Role"),
    ("pulumi_aws", "kms.Key"),
    ("pulumi_aws", "s3.Bucket"),
    ("pulumi_kubernetes", "apiextensions.CustomResource"),
    ("pulumi_kubernetes", "apps.v1.Deployment"),
    ("pulumi_kubernetes", "autoscaling.v2.HorizontalPodAutoscaler"),
    ("pulumi_kubernetes", "batch.v1.Job"),
    ("pulumi_kubernetes", "core.v1.Service"),
    ("pulumi_kubernetes", "meta.v1.ObjectMetaArgs"),
    ("pulumi_kubernetes", "networking.v1.NetworkPolicy"),
    ("pulumi_kubernetes", "policy.v1.PodDisruptionBudget"),
    ("pulumi_kubernetes", "rbac.v1.Role"),
    ("pulumi_kubernetes", "scheduling.v1.PriorityClass"),
    ("pulumi_random", "RandomPassword"),
):
    attrgetter(wanted)(importlib.import_module(package))
