"""Which embedder the settings open, and who gets the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.wiring import Embedders
from coach.errors import Misconfigured
from coach.settings import Settings, load_settings
from knowledge.errors import EmbedderUnavailable
from knowledge.vectors.embedding import MiniLMEmbedder
from knowledge.vectors.remote_embedding import Address, RemoteEmbedder
from tests.loopback import Loopback, loopback
from tests.loopback_embedding import vectors

EAR = MiniLMEmbedder()


def embedders(home: Path, **given: str) -> Embedders:
    env = {name.upper(): value for name, value in given.items()}
    return Embedders(load_settings(home, env), EAR)


@pytest.mark.parametrize("named", ["", "embedded", "all-minilm-l6-v2-int8"])
def test_the_embedded_model_is_shared_with_the_coach(tmp_path: Path, named: str) -> None:
    """What the coach heard is not embedded again to search by it."""
    assert embedders(tmp_path, coach_embedding=named).wanted() is EAR
    assert embedders(tmp_path, coach_embedding="other").recorded("embedded") is EAR


def test_the_server_of_the_model_is_the_default(tmp_path: Path) -> None:
    """Then OpenAI; an address of its own comes first."""
    hosts = []
    for given in ({}, {"coach_model_url": "http://m:1/v1"}, {"coach_embedding_url": "http://e/v1"}):
        both = {"coach_model_url": "http://m:1/v1"} if "coach_embedding_url" in given else {}
        remote = embedders(tmp_path, coach_embedding="embed-1", **both, **given).remote()
        assert remote
        hosts.append(remote.address.host)
        remote.close()
    assert hosts == ["api.openai.com", "m:1", "e"]


def asked(embedder: MiniLMEmbedder | RemoteEmbedder, server: Loopback) -> str:
    """The key that ``server`` was shown."""
    embedder.embed(["one"])
    embedder.close()
    return server.headers[-1]["authorization"]


def test_the_key_goes_only_to_hosts_that_the_settings_name(tmp_path: Path) -> None:
    """An index may name any other: a note in a shared database is no reason to send a key."""
    with loopback() as server:
        server.behave(vectors())
        given = {"coach_embedding": "embed-1", "openai_api_key": "sk-mine"}
        named = embedders(tmp_path, coach_embedding_url=server.url, **given)
        assert asked(named.wanted(), server) == "Bearer sk-mine"
        origin = Address.of("embed-1", server.url).as_json()
        elsewhere = embedders(tmp_path, coach_embedding_url="http://elsewhere.example/v1", **given)
        assert asked(elsewhere.recorded(origin), server) == "Bearer none"


@pytest.mark.parametrize("name", ["COACH_EMBEDDING_URL", "COACH_CHROMA_URL"])
def test_an_address_that_is_none_is_named(tmp_path: Path, name: str) -> None:
    """With the variable to mend."""
    with pytest.raises(Misconfigured, match=f"{name} must start with http"):
        load_settings(tmp_path, {name: "localhost:8000"})


def test_a_provider_without_its_package_is_told(tmp_path: Path) -> None:
    """Not before it is used: a search goes on by words."""
    wanted = Embedders(Settings(home=tmp_path, embedding="cohere:embed-v4"), EAR).wanted()
    with pytest.raises(EmbedderUnavailable, match="install what opens it"):
        wanted.embed_queries(["one"])
