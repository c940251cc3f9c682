"""What can be checked of deploy/compose.yaml and deploy/kubernetes/ where neither runs: that every part is one that is
known, names only what is there, and fits the others."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes.client import models
from typer.main import get_command

from assistant.cli import app
from assistant.settings import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
MANIFESTS = DEPLOY / "kubernetes"
OBJECTS: list[dict[str, Any]] = [
    one
    for file in sorted(MANIFESTS.glob("*.yaml"))
    if file.name != "kustomization.yaml"
    for one in yaml.safe_load_all(file.read_text("utf-8"))
]
SECRET = {"ASSISTANT_RECORDS_URL", "POSTGRES_PASSWORD"}  # what docs/scale.md puts into it
PINNED = dict(re.findall(r"^([\w.-]+)==(.+)$", (ROOT / "constraints.txt").read_text("utf-8"), re.M))


def is_a_setting(name: str) -> bool:
    return name.startswith("ASSISTANT_") and name.removeprefix("ASSISTANT_").lower() in Settings.model_fields


def is_a_command(words: list[str]) -> bool:
    return words[0] == "assistant" and words[1] in get_command(app).commands  # type: ignore[attr-defined]


def unknown(value: Any, kind: str, place: str) -> Iterator[str]:
    """What in a value is not as Kubernetes' own description of that kind has it."""
    if listed := re.fullmatch(r"List\[(.*)\]", kind):
        if not isinstance(value, list):
            yield f"{place} is no list"
            return
        for number, one in enumerate(value):
            yield from unknown(one, listed[1], f"{place}[{number}]")
    elif mapped := re.fullmatch(r"Dict\[str, (.*)\]", kind):
        if not isinstance(value, dict):
            yield f"{place} is no mapping"
            return
        for key, one in value.items():
            yield from unknown(one, mapped[1], f"{place}.{key}")
    elif plain := {"str": str, "int": int, "bool": bool}.get(kind):
        if type(value) is not plain:
            yield f"{place} is {value!r}, no {kind}"
    elif kind != "object":
        model = getattr(models, kind)
        known = {there: here for here, there in model.attribute_map.items()}
        for key, one in value.items():
            if key in known:
                yield from unknown(one, model.openapi_types[known[key]], f"{place}.{key}")
            else:
                yield f"{place}.{key} is unknown"


def found(kind: str, name: str) -> dict[str, Any]:
    (one,) = [one for one in OBJECTS if (one["kind"], one["metadata"]["name"]) == (kind, name)]
    return one


def pods() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each workload with the template of its pods."""
    for one in OBJECTS:
        spec = one.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template:
            yield one, template


@pytest.mark.parametrize("manifest", OBJECTS, ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_every_manifest_is_as_kubernetes_describes_its_kind(manifest: dict[str, Any]) -> None:
    version = manifest["apiVersion"].rpartition("/")[2].capitalize()
    wrong = list(unknown(manifest, f"{version}{manifest['kind']}", manifest["kind"]))
    assert wrong == []


def test_a_manifest_with_a_wrong_part_is_found() -> None:
    wrong = {"spec": {"replicas": "2", "selector": {}, "template": {"spec": {"container": []}}}}
    assert list(unknown(wrong, "V1Deployment", "it")) == [
        "it.spec.replicas is '2', no int",
        "it.spec.template.spec.container is unknown",
    ]


def test_the_kustomization_has_every_manifest() -> None:
    listed = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text("utf-8"))
    assert sorted(listed["resources"]) == sorted(
        file.name for file in MANIFESTS.glob("*.yaml") if file.name != "kustomization.yaml"
    )
    if not shutil.which("kubectl"):
        pytest.skip("kubectl is not installed, so the manifests were not put together by kustomize")
    done = subprocess.run(["kubectl", "kustomize", str(MANIFESTS)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    made = list(yaml.safe_load_all(done.stdout))
    assert len(made) == len(OBJECTS)
    assert {one["metadata"].get("namespace") for one in made if one["kind"] != "Namespace"} == {"assistant"}


def test_what_pods_name_is_there() -> None:
    for owner, template in pods():
        spec, labels = template["spec"], template["metadata"]["labels"]
        if "selector" in owner["spec"]:
            assert owner["spec"]["selector"]["matchLabels"].items() <= labels.items()
        volumes = {one["name"]: one for one in spec.get("volumes", ())}
        volumes |= {one["metadata"]["name"]: one for one in owner["spec"].get("volumeClaimTemplates", ())}
        for one in volumes.values():
            if claim := one.get("persistentVolumeClaim"):
                found("PersistentVolumeClaim", claim["claimName"])
        for container in spec["containers"]:
            assert {one["name"] for one in container["volumeMounts"]} <= volumes.keys()
            assert all(one.get("name") for one in container.get("ports", ()))
            if container["image"] == "assistant":
                assert is_a_command(container["command"])
                assert {one["name"] for one in container.get("env", ()) if not is_a_setting(one["name"])} == set()
            for source in container.get("envFrom", ()):
                reference = source.get("configMapRef") or source["secretRef"]
                assert reference["name"] == "assistant"
            for one in container.get("env", ()):
                if "valueFrom" in one:
                    assert one["valueFrom"]["secretKeyRef"] == {"name": "assistant", "key": one["name"]}
                    assert one["name"] in SECRET
    assert all(is_a_setting(name) for name in found("ConfigMap", "assistant")["data"])


def test_services_policies_and_budgets_point_at_pods_that_are_there() -> None:
    templates = [template for _, template in pods()]
    for one in OBJECTS:
        spec = one.get("spec", {})
        if one["kind"] not in ("Service", "NetworkPolicy", "PodDisruptionBudget"):
            continue
        wanted = spec.get("selector") or spec.get("podSelector")
        wanted = wanted.get("matchLabels", wanted)
        (meant,) = [template for template in templates if wanted.items() <= template["metadata"]["labels"].items()]
        named = {port["name"] for container in meant["spec"]["containers"] for port in container["ports"]}
        ports = spec.get("ports", []) + [port for rule in spec.get("ingress", ()) for port in rule["ports"]]
        assert {port.get("targetPort", port["port"]) for port in ports} <= named


def test_only_the_assistants_reach_chroma_and_postgres_and_both_replicas_and_writer_are_such() -> None:
    for name in ("chroma", "postgres"):
        (rule,) = found("NetworkPolicy", name)["spec"]["ingress"]
        (peer,) = rule["from"]
        wanted = peer["podSelector"]["matchLabels"]
        callers = [owner for owner, template in pods() if wanted.items() <= template["metadata"]["labels"].items()]
        assert sorted(one["metadata"]["name"] for one in callers) == ["assistant", "assistant-index"]
        assert f"//{name}" in str(found("ConfigMap", "assistant")["data"]) + "//postgres", "by the service's name"


def test_replicas_read_what_one_writer_writes() -> None:
    def mounts(owner: dict[str, Any]) -> dict[str, bool]:
        (template,) = [template for one, template in pods() if one is owner]
        (container,) = template["spec"]["containers"]
        return {one["mountPath"]: one.get("readOnly", False) for one in container["volumeMounts"]}

    replica, writer = mounts(found("Deployment", "assistant")), mounts(found("CronJob", "assistant-index"))
    for folder in ("corpus", "index"):
        assert replica[f"/srv/assistant/{folder}"] is True
        assert writer[f"/srv/assistant/{folder}"] is False
    assert found("CronJob", "assistant-index")["spec"]["concurrencyPolicy"] == "Forbid"
    volumes = {line.split(":")[1]: line.endswith(":ro") for line in SERVICES["assistant"]["volumes"]}
    assert volumes["/srv/assistant/index"] and volumes["/srv/assistant/corpus"]
    assert "index:/srv/assistant/index" in SERVICES["index"]["volumes"]
    for environment in (SERVICES["assistant"]["environment"], env_of_replicas()):
        assert environment["ASSISTANT_ALLOW_CHANGES"] == "false"
        copied = environment["ASSISTANT_INDEX_COPY"]
        assert copied not in volumes, "each replica has its own"


def env_of_replicas() -> dict[str, str]:
    (container,) = found("Deployment", "assistant")["spec"]["template"]["spec"]["containers"]
    return {one["name"]: one["value"] for one in container["env"]}


def test_what_services_of_compose_name_is_there() -> None:
    assert set(COMPOSE) == {"name", "x-assistant", "services", "volumes"}
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", ())) <= SERVICES.keys(), name
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert (DEPLOY / source).resolve().exists() if source.startswith(".") else source in COMPOSE["volumes"]
        if service["image"] == "assistant":
            assert is_a_command(service["command"])
            assert all(is_a_setting(one) for one in service["environment"])
            build = (DEPLOY / service["build"]["context"]).resolve()
            assert (build / service["build"]["dockerfile"]).is_file()
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:"), "others reach it once whoever runs it says so"
    upstream = re.findall(r"server (\w+):(\d+);", (DEPLOY / "nginx.conf").read_text("utf-8"))
    assert upstream == [("assistant", str(Settings.model_fields["port"].default))]


def test_servers_have_the_versions_that_were_tried() -> None:
    images = {service["image"] for service in SERVICES.values()}
    images |= {container["image"] for _, template in pods() for container in template["spec"]["containers"]}
    assert f"chromadb/chroma:{PINNED['chromadb']}" in images, "client and server of one version"
    assert len([image for image in images if image.startswith(("chromadb/", "postgres:"))]) == 2
    assert all(re.search(r":\d", image) for image in images - {"assistant"})


def test_no_password_stands_in_any_of_them() -> None:
    for file in [DEPLOY / "compose.yaml", *MANIFESTS.glob("*.yaml")]:
        for user, password in re.findall(r"postgresql://(\w*):([^@\s]*)@", file.read_text("utf-8")):
            assert password.startswith("${"), f"{file.name}: of {user}"
    assert "${POSTGRES_PASSWORD:?" in SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"]
