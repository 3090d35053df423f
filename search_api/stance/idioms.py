"""Idioms of direction as health writers use them, and the plain words that `wording` reads for them."""

_PEOPLE = r"people|patients|adults|women|men|volunteers|participants|those"
_BE = r"(?:is|are|was|were|be|been|being|became)"
_MANY_FEW = r"(?:\w+ly |much |far |somewhat |slightly |any )?"
#: A figure as findings write it.
NUMBER = r"-?\d+(?:\.\d+)?"

#: What is written, and how it is read; ``{name}`` stands for a group and keeps its place.
IDIOMS: tuple[tuple[str, str], ...] = (
    (r"\bcan[’']?t\b", "cannot"),
    (r"n[’']t\b", " not"),
    (
        rf"^For (?P<who>(?:[\w-]+ )*(?:{_PEOPLE})) with (?P<what>[^,]+), (?P<rest>[^,]*?\bhelp)\b",
        "{rest} with {what} in {who}",
    ),
    (
        r"^For (?P<what>[^,]+), (?P<rest>[^,]*?\b(?:better|worse) than [^,]*?)"
        r"(?P<who> (?:in|among) [^,]*?)?(?=\.?$)",
        "{rest} for {what}{who}",
    ),
    (
        rf"\bhelp(?:s|ed|ing)? (?P<who>(?:[\w-]+ )*(?:{_PEOPLE})(?: with [\w -]+?)?)"
        r" walk (?:any )?(?:farther|further|longer)\b",
        "lengthened walking in {who}",
    ),
    (r"\bwalk(?:ed|s)? (?:farther|further|longer)\b", "had longer walking"),
    (
        rf"\bhelp(?P<ed>s|ed)? (?P<who>(?:[\w-]+ )*(?:{_PEOPLE})) with (?P<what>[\w -]+)",
        "help{ed} with {what} in {who}",
    ),
    (
        r"\b(?:offer|provide|give|afford|gave)(?:s|ed|d)? "
        r"(?:no|little) (?:\w+ )?protection (?:against|from)\b",
        "did not prevent",
    ),
    (r"\b(?:offer|provide|give|afford|gave)(?:s|ed|d)? (?:\w+ )?protection (?:against|from)\b", "prevented"),
    (
        r"\b(?:go|goes|went) hand in hand with\b"
        r"(?= (?:a )?(?:lower|higher|less|more|fewer|greater|better|worse))",
        "went with",
    ),
    (r"\b(?:go|goes|went) hand in hand with\b", "went with more"),
    (
        r"\b(?:makes?|made|making) (?P<what>[\w -]{3,50}?) less (?P<how>stiff|calcified|inflamed|swollen)\b",
        "reduced {how} {what}",
    ),
    (rf"\b{_BE} unlikely to\b", "does not"),
    (rf"\b{_BE} {_MANY_FEW}less likely to\b", "had a lower risk of"),
    (rf"\b{_BE} {_MANY_FEW}more likely to\b", "had a higher risk of"),
    (rf"\b{_BE} no (?:more|less) likely to\b", "had no difference in"),
    (r"\b(?:die|dies|died|dying|deaths?) (?:of|from)\b", "death from"),
    (r"\b(?:be|being) admitted to hospital (?:with|for)\b", "hospital admission for"),
    (r"\bno (?:bearing|influence|impact) (?:up)?on\b", "no effect on"),
    (r"\bleft (?P<what>[\w -]{3,60}?) (?:unchanged|unaffected|unaltered)\b", "did not change {what}"),
    (
        r"\b(?:kept|keeps|keep|continued|went on) (?:on )?(?:climbing|rising|increasing|growing|going up)\b",
        "rose",
    ),
    (r"\bcontinu(?:ed|es) to (?:climb|rise|increase|grow)\b|\b(?:climbed|went up|soared|surged)\b", "rose"),
    (
        r"\b(?:kept|keeps|continued) (?:falling|dropping|declining)\b"
        r"|\b(?:went down|came down|plummeted|dwindled)\b",
        "fell",
    ),
    (r"\b(?:did|does|do) nothing to\b", "did not"),
    (r"\b(?:did|does|do) nothing (?:for|about|against|in)\b", "had no effect on"),
    (r"\b(?:has|have|had|was|were) (?:not|never) (?:been )?(?:shown|found|proven|proved) to\b", "did not"),
    (
        r"\b(?:makes?|made|making) (?P<what>[\w -]{3,50}?) "
        r"(?:(?:less|fewer) (?:severe|frequent|common|intense|painful)"
        r"|milder|rarer)\b",
        "reduced {what}",
    ),
    (
        r"\b(?:makes?|made|making) (?P<what>[\w -]{3,50}?) "
        r"(?:more (?:severe|frequent|common|intense|painful))\b",
        "increased {what}",
    ),
    (r"\b(?:brings?|brought|drives?|drove|pushed) down\b", "lowered"),
    (
        r"\b(?:brings?|brought|drives?|drove|kept|keeps|pushed) (?P<what>[\w-]+(?: [\w-]+){0,4}?) down\b",
        "lowered {what}",
    ),
    (r"\b(?:puts?|putting|held|holds?|pushe[sd]) (?:off|back)\b", "delayed"),
    (r"\b(?:staves?|staved|wards?|warded) off\b", "prevented"),
    (
        r"\bthe (?P<how>higher|lower|greater) the (?P<cause>[^,]{2,50}), "
        r"the (?P<way>higher|lower|more|less|fewer|greater)\b",
        "{how} {cause} went with {way}",
    ),
    (
        r"\bno (?P<how>\w+ )?"
        r"(?:link|relation|relationship|association|correlation|connection) between (?P<one>[\w -]+?) and\b",
        "{one} showed no {how}association with",
    ),
    (r"\bout-?performed placebo (?:for|in|at|on|against)\b", "beat placebo for"),
    (
        rf"\b{_BE} (?:not effective|ineffective|useless|no use|of no use) (?:against|for|in)\b",
        "did not help against",
    ),
    (rf"\b{_BE} effective (?:against|for|in)\b", "helped against"),
    (r"\bcalcium in (?:the |their )?(?P<where>arteries|aorta|coronary arteries)\b", "{where} calcification"),
)
