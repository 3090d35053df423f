"""What a measurement was made on."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

_PACKAGES = (
    "openvino",
    "sentence-transformers",
    "torch",
    "faiss-cpu",
    "tantivy",
    "numpy",
    "flask",
    "gunicorn",
)


def description() -> dict[str, object]:
    """Processor, cores, instruction sets that matter here, memory and versions."""
    cpu = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    names = [line.split(":", 1)[1].strip() for line in cpu.splitlines() if line.startswith("model name")]
    flags = set(cpu.split("flags", 1)[1].split("\n", 1)[0].split()) if "flags" in cpu else set()
    return {
        "cpu": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "instructions": [f for f in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if f in flags],
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in _PACKAGES},
    }
