"""What the products see otherwise than this run: namespaces and trust stores, from units and from what runs."""

from __future__ import annotations

from pathlib import Path

from nimnetcheck.model import Outcome
from nimnetcheck.site import nms_conf, view
from nimnetcheck.site.facts import Facts
from nimnetcheck.site.versions import Versions

PLUS = Facts(versions=Versions(nginx_plus=34))
NIM = Facts(nms=nms_conf.NmsConf(path=Path("nms.conf")))


def process(proc: Path, pid: str, name: str, namespace: str, *variables: str) -> None:
    folder = proc / pid
    (folder / "ns").mkdir(parents=True)
    (folder / "comm").write_text(f"{name}\n", encoding="utf-8")
    (folder / "environ").write_bytes("\0".join(variables).encode())
    (folder / "ns/net").symlink_to(f"net:[{namespace}]")


def look(folder: Path, facts: Facts = NIM, **environ: str) -> tuple[list[str], list[str]]:
    found = view.observe(facts, folder / "proc", (folder / "units",), environ)
    assert len(found) < 2
    assert all(one.outcome is Outcome.PASSED and one.detail for one in found)
    network, store = (found[0].evidence[key] if found else [] for key in ("network", "store"))
    assert isinstance(network, list)
    assert isinstance(store, list)
    return network, store


def test_one_view_has_nothing_to_tell(tmp_path: Path) -> None:
    process(tmp_path / "proc", "self", "python3", "1")
    process(tmp_path / "proc", "12", "nms-integration", "1", "PATH=/bin", "SSL_CERT_FILE=/etc/ca.pem")
    assert look(tmp_path, SSL_CERT_FILE="/etc/ca.pem") == ([], [])


def test_a_process_in_another_network_namespace(tmp_path: Path) -> None:
    process(tmp_path / "proc", "self", "python3", "1")
    process(tmp_path / "proc", "12", "nms-core", "2")
    assert look(tmp_path)[0] == ["nms-core, as it runs, is in another network namespace (net:[2])"]
    process(tmp_path / "proc", "13", "nms-core", "1")  # the other one is a container's
    assert look(tmp_path)[0] == []


def test_a_container_s_nginx_says_nothing_of_a_host_without_nginx_plus(tmp_path: Path) -> None:
    process(tmp_path / "proc", "self", "python3", "1")
    process(tmp_path / "proc", "12", "nginx", "2")
    assert look(tmp_path, NIM)[0] == []
    assert len(look(tmp_path, PLUS)[0]) == 1


def test_what_may_not_be_looked_at_says_nothing(tmp_path: Path) -> None:
    process(tmp_path / "proc", "12", "nms-core", "2")
    assert look(tmp_path)[0] == []  # our own is not known


def test_a_unit_with_a_namespace_by_its_path(tmp_path: Path) -> None:
    unit = tmp_path / "units/nginx.service"
    unit.parent.mkdir()
    unit.write_text("[Service]\nNetworkNamespacePath=/run/netns/blue\n", encoding="utf-8")
    assert look(tmp_path, PLUS)[0] == [f"nginx is in the network namespace /run/netns/blue, by {unit}"]
    assert look(tmp_path, NIM)[0] == []
    unit.write_text("[Service]\nNetworkNamespacePath=/run/netns/blue\nNetworkNamespacePath=\n", encoding="utf-8")
    assert look(tmp_path, PLUS)[0] == []


def test_a_trust_store_that_the_product_alone_is_told(tmp_path: Path) -> None:
    process(tmp_path / "proc", "12", "nms-core", "1", "SSL_CERT_FILE=/etc/corp.pem")
    assert look(tmp_path)[1] == ["SSL_CERT_FILE=/etc/corp.pem in process nms-core; here it is not set"]
    assert look(tmp_path, SSL_CERT_FILE="/a")[1] == ["SSL_CERT_FILE=/etc/corp.pem in process nms-core; here /a"]
    assert look(tmp_path, SSL_CERT_FILE="/etc/corp.pem")[1] == []
