"""The names that `concepts` gives to what is written in several ways, and which is wider than which.

Names for the subjects of the starter library; another library's subjects are compared word by word
until they stand here. A name that is written otherwise by a plural alone needs no entry.
"""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """Lines of ``name: one, another``."""
    rows = (line.split(":") for line in text.strip().splitlines())
    return {name.strip(): tuple(w.strip() for w in ways.split(",") if w.strip()) for name, ways in rows}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: The name of a concept, and the other ways in which it is written.
WRITTEN = _table("""
    pad: peripheral artery disease, peripheral arterial disease
    chd: coronary heart disease, coronary artery disease, coronary disease, ischemic heart disease, \
        coronary risk, \
        coronary event
    ascvd: atherosclerotic cardiovascular disease, atherosclerotic disease
    cvd: cardiovascular disease
    cardiovascular event: vascular event
    myocardial infarction: heart attack, infarction
    pwv: pulse wave velocity, carotid femoral pulse wave velocity
    arterial stiffness: vascular stiffness, stiffness of the artery, arterial stiffening, stiff artery
    endothelial function:
    primary: main
    endpoint: end point
    fmd: flow mediated dilatation, flow mediated dilation
    stiffness: stiffening, stiff
    calcification: calcium score, calcium build up, calcium buildup, calcium progression, calcify, \
        calcifying, calcified, hardening
    bone density: bone mineral density, bmd, bone
    dp-ucmgp: dp ucmgp, dephosphorylated uncarboxylated mgp, inactive mgp
    mgp: matrix gla protein
    k1: vitamin k1, phylloquinone, phytomenadione, phytonadione
    k2: vitamin k2, menaquinone
    mk4: menatetrenone, menaquinone 4
    mk7: menaquinone 7
    dialysis: hemodialysis
    aortic valve:
    mitral valve:
    kidney: renal
    diabetes: diabetic
    death: mortality, died, die, dying
    cvd death: cardiovascular mortality, cardiovascular death, cvd mortality, cvd death
    chd death: chd mortality, chd death, coronary mortality, coronary heart disease mortality, \
        mortality from coronary heart disease, mortality from chd, death from coronary heart disease
    hospital: admitted to hospital, hospital stay, hospitalisation, hospitalization, hospitalised, \
        hospitalized, \
        hospital admission
    calf: calve
    night: nocturnal, bedtime, before bed, at bed, nighttime, overnight
    cramp: muscle cramp, leg cramp
    older: elderly, aged
    dutch: netherlands
    danish: dane, denmark
    norwegian: norway
    ukrainian: ukraine
    chinese: china
    japanese: japan
    american: us adult, us cohort, us people, nhanes, united states
    british: uk, united kingdom
    heal: healed, healing
    artery: arterial
    vascular: vessel
    aorta: aortic
    stretch: stretching, stretche
    supervised exercise: treadmill exercise, exercise training
    systolic: systolic blood pressure, systolic pressure
    restless: restless leg, restless leg syndrome
    venous ulcer: venous leg ulcer
    bleeding: hemorrhage, bleed
    walking: walking distance, walking time, walk
    heart failure:
    blood pressure:
    quality of life:
""")
_SITES = {
    "coronary": "coronary",
    "coronary artery": "coronary",
    "arterial": "artery",
    "artery": "artery",
    "vascular": "vascular",
    "valve": "valve",
    "aortic": "aorta",
    "aortic valve": "aortic valve",
}
#: Phrases that are two concepts: where, and that it calcifies.
TWO = {
    f"{site} {calcium}": (name, "calcification")
    for site, name in _SITES.items()
    for calcium in ("calcium", "calcium score", "calcium progression")
}
#: A concept and the wider one above it.
WIDER = {
    "mk4": "k2",
    "mk7": "k2",
    "k2": "vitamin k",
    "k1": "vitamin k",
    "pwv": "arterial stiffness",
    "arterial stiffness": "stiffness",
    "fmd": "endothelial function",
    "coronary": "artery",
    "aorta": "artery",
    "carotid": "artery",
    "femoral": "artery",
    "artery": "vascular",
    "aortic valve": "valve",
    "ascvd": "cvd",
    "chd": "cvd",
    "chd death": "cvd death",
    "dialysis": "kidney",
    "vertebral": "spine",
    "lumbar": "spine",
}
#: Words that tell one claim from another too little to be asked for.
GENERIC = _words("""
    patient people person adult participant volunteer subject individual user eater human population group
    risk rate level intake supplement supplementation supplemental dietary food extract taking take taken
    took daily dose use used using treatment therapy study trial evidence result finding data record show
    showed shown found find effect association difference change link impact relation relationship outcome
    measure marker status number amount value score incidence prevalence frequency occurrence severity
    progression development onset episode event case symptom condition year month week day hour time long
    term short small large high low higher lower highest lowest top bottom third quartile quintile fifth
    tertile rich poor much many great good major minor significant clear clinical relevant slight strong
    modest meaningful well often frequent rare common associated linked related compared versu vs placebo
    control alone together combination combined plu added circulating plasma serum concentration increased
    reduced eat eating consume consumption average mean median total overall give given gave giving receiving
    randomised randomized without within among across however also even still just because due make made
    making keep lead leading go going went come get lost lose leave one two three four six seven eight nine
    ten doe goe several every each neither nor old later although wherea but some arm whose low type ug mg
    chance odd likelihood probability cohort pooled severe yet begin began fail failed ate eaten
    worked fared performed form single shot glass tablet pill capsule according analysis followed almost
    build dose assigned treated tested
    received receive
    suggest suggested hint indicate indicated confirm conclude concluded
    far little
    work fare perform prove proved turn turned seem seemed appear appeared able real actual noticeable
    measurable
    worthwhile useful blood ordinary common reach gain gained develop ug µg μg
    kg iu mcg per cent percent ci hr rr or au sd ml
""")
#: Outcomes of which more is better.
GOOD = _words("walking distensibility fmd survival mobility sleep") | {
    "bone density",
    "quality of life",
    "endothelial function",
}
#: Outcomes of which less is better.
BAD = _words("""
    stiffness pwv calcification pain cramp claudication sway death fracture stroke chd pad cvd ascvd bleeding
    ulcer inflammation fall swelling heaviness hypertension restless disability infection headache fatigue
""") | {
    "cvd death",
    "chd death",
    "venous ulcer",
    "myocardial infarction",
    "heart failure",
    "cardiovascular event",
    "arterial stiffness",
}
#: Parts of the body in which one thing may be seen and not in another.
SITES = _words(
    "hip spine lumbar vertebral femoral neck aorta coronary carotid valve leg thoracic artery vascular"
)
#: Words that tell who somebody is; they are asked of the study, not of one statement.
PEOPLE = _words("""
    men women older healthy young postmenopausal menopausal middle dutch danish norwegian ukrainian
    chinese japanese     american british german european
""")
#: What is at a site, so that it may be seen at one and not at another.
SITED = _words("calcification fracture stiffness loss") | {"bone density", "arterial stiffness"}
#: Words that turn an outcome into its loss.
LOSSES = _words("loss deterioration impairment")
#: What is taken for the measure of something.
MEASURED = {"pwv": "arterial stiffness", "fmd": "endothelial function"}
#: Words that narrow an outcome to what a wider claim does not say.
NARROWING = _words("hospital")
ANIMALS = _words("rat mice mouse animal")
