from tests.seeds.seed import drop, put
from tests.support.policy_cases import Case, Cases
from tests.support.policy_engine import UNKNOWN
from tests.support.policy_objects import CONTAINER, DEPLOYMENT, POD, changed

_OWN = f"{CONTAINER}.securityContext"
_POD = f"{POD}.securityContext"

CASES = Cases(
    passes=Case([DEPLOYMENT]),
    fails=Case(
        [changed(DEPLOYMENT, put(f"{_OWN}.privileged", value=True))], says=["container tempo is privileged"]
    ),
    missing=Case([changed(DEPLOYMENT, drop(_OWN), drop(_POD))]),
    unknown=Case([changed(DEPLOYMENT, put(f"{_OWN}.privileged", UNKNOWN))], says=["privileged is not known"]),
    more={
        "an unmasked proc": Case(
            [changed(DEPLOYMENT, put(f"{_OWN}.procMount", "Unmasked"))], says=["/proc unmasked"]
        ),
        "an unsafe sysctl": Case(
            [changed(DEPLOYMENT, put(f"{_POD}.sysctls", [{"name": "kernel.msgmax", "value": "1"}]))],
            says=["the kernel parameter kernel.msgmax"],
        ),
        "a safe sysctl": Case(
            [changed(DEPLOYMENT, put(f"{_POD}.sysctls", [{"name": "net.ipv4.tcp_syncookies", "value": "1"}]))]
        ),
        "an SELinux type": Case(
            [changed(DEPLOYMENT, put(f"{_OWN}.seLinuxOptions", {"type": "spc_t"}))],
            says=["container tempo has SELinux"],
        ),
        "an SELinux user of the Pod": Case(
            [changed(DEPLOYMENT, put(f"{_POD}.seLinuxOptions", {"user": "system_u"}))],
            says=["the Pod has SELinux"],
        ),
        "an SELinux level": Case([changed(DEPLOYMENT, put(f"{_POD}.seLinuxOptions", {"level": "s0:c1"}))]),
        "no AppArmor": Case(
            [changed(DEPLOYMENT, put(f"{_POD}.appArmorProfile", {"type": "Unconfined"}))],
            says=["no AppArmor profile"],
        ),
        "a process of Windows": Case(
            [changed(DEPLOYMENT, put(f"{_POD}.windowsOptions.hostProcess", value=True))], says=["a Windows node"]
        ),
    },
)
