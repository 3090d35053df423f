"""A library of made-up studies, written by hand, whose records are near each other on purpose."""

from typing import Any

from corpus.records import Source, Study
from corpus.study_profiles import StudyProfiles


def study(
    key: str,
    year: int,
    authors: str,
    title: str,
    text: str,
    design: str = "RCT",
    size: str | None = None,
    journal: str = "",
) -> Source:
    """A study as a reader makes it; ``authors`` are family names with a given name after a slash."""
    names = [name.split("/") for name in authors.split(", ")]
    csl: dict[str, Any] = {
        "title": title,
        "author": [{"family": name[0], "given": name[1] if len(name) > 1 else ""} for name in names],
        "issued": {"date-parts": [[year]]},
        "container-title": journal,
    }
    whole = f"{title}\n\n{text}"
    return Source(f"doi:10.1/{key}", "study", csl, whole, (), key=key, study=Study(design, size))


SOURCES = [
    study(
        "quist2006",
        2006,
        "Quist/Anna, van der Berg/Jan",
        "Seaweed intake and bone density: the Harbour City Study",
        "In 5,120 Norwegian adults, iodine from seaweed went with denser hip bones over nine years.",
        "cohort",
        "5120 adults",
        "Journal of Marine Diets",
    ),
    study(
        "quist2012",
        2012,
        "Quist/Anna, Odum/Bo",
        "Kelp tablets for brittle nails: a randomised trial",
        "Kelp tablets for a year did not harden the nails of 84 women.",
        "RCT",
        "84 women",
        "Bone",
    ),
    study(
        "tern2012",
        2012,
        "Tern/Li",
        "Bedtime rowing for restless shoulders: the SHOULDER-UP randomised trial",
        "Rowing before sleep eased shoulder unrest in 212 sailors from Denmark.",
        "RCT",
        "212 sailors",
        "Nautical Medicine",
    ),
    study(
        "tern2013plan",
        2013,
        "Tern/Li",
        "Rowing for restless shoulders in men: study protocol of a randomised trial",
        "The protocol plans to enrol 300 men.",
        "protocol",
        "planned 300",
        "Nautical Medicine",
    ),
    study(
        "odum2019",
        2019,
        "Odum/Bo, Quist/Anna, Lark/Eve",
        "Iodine for tired sailors: a systematic review and meta-analysis",
        "Eleven trials with 1,403 sailors found that iodine changed tiredness little.",
        "meta-analysis",
        "11 trials, 1403 sailors",
        "Cochrane Database of Systematic Reviews",
    ),
    study(
        "lark2019a",
        2019,
        "Lark/Eve",
        "Cod liver oil and night vision in young sailors",
        "Cod liver oil did not sharpen night vision in young sailors from Iceland.",
        "RCT",
        None,
        "Nautical Medicine",
    ),
    study(
        "lark2019b",
        2019,
        "Lark/Eve",
        "Cod liver oil and day vision in young sailors",
        "Cod liver oil did not sharpen day vision in young sailors from Iceland.",
        "RCT",
        None,
        "Nautical Medicine",
    ),
    study(
        "wren1999",
        1999,
        "Wren/Ida",
        "Dried plums fed to rats and the strength of their teeth",
        "Rats fed dried plums had harder teeth.",
        "animal",
        "rats",
        "Teeth",
    ),
]
PROFILES = StudyProfiles.of(SOURCES)
