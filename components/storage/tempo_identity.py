"""Tempo's identity on Amazon Web Services: an IAM role for its Pods instead of long-lived credentials."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.storage.documents import DOCUMENTS, KMS_KEY_ARN, policy_text, unknown_until_created, with_value
from components.storage.identity_token import IdentityToken
from render.storage.iam import irsa_trust, pod_identity_trust, tempo_policy
from settings.object_store import Aws

# EKS reads it from the service account and gives its Pods a token for this role.
_IRSA_ANNOTATION = "eks.amazonaws.com/role-arn"


@dataclass(frozen=True, kw_only=True)
class TempoIdentityArgs:
    """The service account, its AWS account and region, and the bucket and key that it may use."""

    namespace: pulumi.Input[str]
    service_account: str
    settings: Aws
    region: str
    account_id: pulumi.Input[str]
    partition: pulumi.Input[str]
    bucket_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str] | None


class TempoIdentity(pulumi.ComponentResource):
    """A role for one service account, by EKS Pod Identity or by IRSA.

    `service_account_annotations` belong on that service account; Pod Identity needs none. `token` belongs into its
    Pods.
    """

    role_arn: pulumi.Output[str]
    token: IdentityToken
    service_account_annotations: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, args: TempoIdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the role with its policy, and the association that Pod Identity needs."""
        super().__init__("fawkes:tracing:TempoIdentity", name, None, opts)
        self._name, self._args = name, args
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            description="Tempo's access to the bucket of all blocks",
            assume_role_policy=self._trust(),
            opts=child,
        )
        key = unknown_until_created(KMS_KEY_ARN) if args.kms_key_arn is not None else None
        document = pulumi.Output.from_input(args.bucket_arn).apply(
            lambda arn: policy_text(tempo_policy(arn, key, args.region))
        )
        policy = with_value(document, KMS_KEY_ARN, args.kms_key_arn)
        permissions = aws.iam.RolePolicy(f"{name}-permissions", role=role.name, policy=policy, opts=child)
        # Published only once the role has its permissions.
        self.role_arn = pulumi.Output.all(role.arn, permissions.id).apply(lambda wired: str(wired[0]))
        self.service_account_annotations = {}
        if args.settings.identity == "irsa":
            self.service_account_annotations[_IRSA_ANNOTATION] = self.role_arn
            self.token = IdentityToken.for_irsa(self.role_arn, args.region)
        else:
            self._associate(child)
            self.token = IdentityToken.for_pod_identity()
        outputs = {"role_arn": self.role_arn, KMS_KEY_ARN: args.kms_key_arn}
        self.register_outputs(outputs | {DOCUMENTS: {f"{name}-permissions": document}})

    def _trust(self) -> pulumi.Output[str]:
        """Return the trust policy: who may assume the role."""
        args = self._args
        provider = args.settings.oidc_provider_arn
        if provider is not None:
            return pulumi.Output.from_input(args.namespace).apply(
                lambda namespace: policy_text(irsa_trust(provider, namespace, args.service_account))
            )
        cluster = pulumi.Output.concat(
            "arn:",
            args.partition,
            f":eks:{args.region}:",
            args.account_id,
            f":cluster/{args.settings.eks_cluster}",
        )
        return pulumi.Output.all(cluster, args.namespace).apply(
            lambda wired: policy_text(pod_identity_trust(wired[0], wired[1], args.service_account))
        )

    def _associate(self, child: pulumi.ResourceOptions) -> None:
        """Bind the role to the service account."""
        aws.eks.PodIdentityAssociation(
            f"{self._name}-association",
            cluster_name=self._args.settings.eks_cluster,
            namespace=self._args.namespace,
            service_account=self._args.service_account,
            role_arn=self.role_arn,
            opts=child,
        )
