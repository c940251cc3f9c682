"""One object holds what a deployment may choose: defaults < assistant.toml < environment < arguments."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.errors import SettingsError

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?")
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\]")
_HEADER = r"^[A-Za-z0-9-]+$"


def _listed(given: Any) -> Any:
    """Several values, as a list or with commas between them."""
    if isinstance(given, str):
        return tuple(part.strip() for part in given.split(",") if part.strip())
    return given


Several = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """What a deployment may choose. Arguments win over ASSISTANT_… variables, these over assistant.toml."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", toml_file="assistant.toml", extra="forbid", frozen=True)

    corpus: Path = Field(default=Path("corpus"), description="Folder of the documents.")
    index: Path = Field(default=Path("index"), description="Folder of the built index.")
    index_copy: Path | None = Field(
        default=None,
        description="Folder on this machine's own disk into which each generation of the index is copied, and from "
        "which it is read; unset: it is read where it stands.",
    )
    embedding_model: str = Field(
        default="default",
        description="'default', a packaged model's name, a sentence-transformers folder, or a name on a hub.",
    )
    embedding_query_prefix: str | None = Field(
        default=None, description="What stands before a question when it is encoded; None: what the model asks for."
    )
    embedding_passage_prefix: str | None = Field(
        default=None, description="What stands before a passage when it is encoded; None: what the model asks for."
    )
    reranker_model: str = Field(
        default="", description="A cross-encoder's folder, or its name on a hub; empty: no reranker."
    )
    nli_model: str = Field(
        default="",
        description="A cross-encoder for natural language inference, a folder or its name on a hub: a second judge of "
        "what a source backs; empty: the rules alone.",
    )
    device: str = Field(
        default="cpu", pattern=r"^(cpu|mps|cuda(:\d+)?)$", description="Where models run: cpu, cuda, cuda:1 …, or mps."
    )
    chroma_url: str = Field(
        default="", description="Address of a Chroma server; empty: vectors live in the index folder."
    )
    ray_address: str = Field(
        default="",
        pattern=r"^([^\s:/]+:\d{1,5})?$",
        description="Address of a Ray cluster, host:port, over which reading and encoding are spread when indexing; "
        "empty: this machine.",
    )
    llm_url: str = Field(
        default="",
        description="Base address of an OpenAI-compatible server, with its /v1; empty: no language model.",
    )
    llm_model: str = Field(default="", description="Name of the language model on that server.")
    llm_api_key: str = Field(default="", repr=False, description="Key for that server, where it wants one.")
    llm_timeout_seconds: float = Field(
        default=20.0, gt=0, le=600, description="Longest wait for the language model's whole answer."
    )
    abstain_below: float = Field(
        default=0.5, ge=0, le=1, description="Probability of being right, 0 to 1, below which it abstains."
    )
    max_sentences: int = Field(default=3, ge=1, le=10, description="Most statements in an answer that is no list.")
    max_file_mb: float = Field(default=50.0, gt=0, description="Largest file that is read, in megabytes.")
    read_seconds: float = Field(
        default=60.0, gt=0, le=3600, description="Longest that reading one file may compute, in seconds."
    )
    read_memory_mb: int = Field(
        default=2000, ge=50, description="Most memory that reading one file may take, in megabytes."
    )
    max_question_characters: int = Field(default=2000, ge=50, description="Longest question that is read.")
    language: Literal["", "da", "nl", "en"] = Field(
        default="", description="Language of answers and page; empty: the question's, the browser's."
    )
    allow_changes: bool = Field(
        default=True, description="Whether curators may add and remove documents; if not, nobody may."
    )
    eval_runs: Path = Field(default=Path("evals/runs"), description="Folder in which runs of question sets are kept.")
    records_folder: Path = Field(
        default=Path("records"), description="Folder of the records: feedback, the audit log, what was answered."
    )
    records_url: str = Field(
        default="",
        repr=False,  # it may hold a password
        description="Database of the records instead, as postgresql://user:password@host/name; empty: SQLite there.",
    )
    audit_log: bool = Field(
        default=True, description="Whether it is written down who asked what, and what was answered."
    )
    log_personal: bool = Field(
        default=True,
        description="Whether records keep names, questions and answers; if not: keyed hashes of names and questions.",
    )
    log_days: int = Field(
        default=0,
        ge=0,
        le=36500,
        description="Days that records are kept, when `assistant log prune` runs; 0: for good.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="How the service logs on standard error: text, or one JSON object a line."
    )
    host: str = Field(default="127.0.0.1", description="Address the page listens on.")
    port: int = Field(default=7860, ge=0, le=65535, description="Port the page listens on; 0: any free one.")
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/?#]+[^\s?#]*)?$",
        description="Address at which people reach the page, for links in what other programs show; empty: relative.",
    )
    sign_in: bool = Field(
        default=False, description="Whether callers must sign in on this machine too; elsewhere they must anyhow."
    )
    sso_proxies: Several = Field(
        default=(), description="Addresses or networks of the reverse proxy whose word it takes for who calls."
    )
    sso_user_header: str = Field(
        default="X-Forwarded-User", pattern=_HEADER, description="The header in which that proxy names the user."
    )
    sso_groups_header: str = Field(
        default="X-Forwarded-Groups", pattern=_HEADER, description="The header with the user's groups, commas between."
    )
    sso_curators: Several = Field(default=(), description="Groups of that proxy whose members are curators.")
    sso_admins: Several = Field(default=(), description="Groups of that proxy whose members are admins.")

    requests_per_minute: int = Field(
        default=240, ge=0, description="Requests that one caller may make in a minute, where callers sign in; 0: any."
    )
    allowed_hosts: Several = Field(
        default=(), description="Names by which it is called, besides localhost, host and that of public_url."
    )
    cors_origins: Several = Field(
        default=(), description="Origins, as https://intranet.example.org, whose pages may ask the API."
    )
    frame_ancestors: Several = Field(default=(), description="Origins whose pages may show the page in a frame.")

    @property
    def must_sign_in(self) -> bool:
        """Whether callers must say who they are. If not, whoever calls sits at this machine, and may do everything."""
        return self.sign_in or bool(self.sso_proxies) or not is_loopback(self.host)

    @field_validator("sso_proxies")
    @classmethod
    def _networks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for network in given:
            ipaddress.ip_network(network, strict=False)
        return given

    @field_validator("cors_origins", "frame_ancestors")
    @classmethod
    def _origins(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for origin in given:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin; write it as https://intranet.example.org")
        return given

    @field_validator("allowed_hosts")
    @classmethod
    def _hosts(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for host in given:
            if not _HOST.fullmatch(host):
                raise ValueError(f"{host!r} is no name of a host; write it without scheme, port and path")
        return given

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @classmethod
    def load(cls, **given: Any) -> "Settings":
        """Settings from all sources; arguments that are None count as not given.

        Raises:
            SettingsError: a value cannot be used; the message names the setting.
        """
        try:
            return cls(**{name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"]) or "settings"
            raise SettingsError(f"Setting {name}: {first['msg']}") from error
        except (ValueError, OSError) as error:  # a broken assistant.toml
            raise SettingsError(f"assistant.toml cannot be read: {error}") from error


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own, which no other can reach."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
