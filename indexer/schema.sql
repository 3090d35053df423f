-- The library of one generation: the truth from which every other file of the index is derived.
-- Offsets count Unicode characters of sources.text. JSON columns hold arrays and objects as written
-- by indexer/library.py. Rows of passages are numbered from 0 without gaps: the row is the position
-- of the passage's vector in vectors.npy and its id in lexical/.
CREATE TABLE sources (
    row INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    citation_key TEXT,
    csl TEXT NOT NULL,
    text TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    blocks TEXT NOT NULL,
    study TEXT,
    integrity TEXT NOT NULL,
    url TEXT,
    license TEXT,
    authors_complete INTEGER NOT NULL,
    origin TEXT,
    record_sha256 TEXT NOT NULL,
    -- what filters ask for, drawn from the records above
    design TEXT,
    year INTEGER,
    container TEXT,
    status TEXT NOT NULL,
    -- what it says of other works' standing, the format it was read from, the file of each CSL field
    notices TEXT NOT NULL,
    format TEXT,
    provenance TEXT NOT NULL
) STRICT;
CREATE TABLE aliases (
    alias TEXT PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES sources (row)
) STRICT, WITHOUT ROWID;
CREATE TABLE reference_entries (
    source INTEGER NOT NULL REFERENCES sources (row),
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    raw TEXT NOT NULL,
    citation_key TEXT,
    doi TEXT,
    pmid TEXT,
    pmcid TEXT,
    cited_source_id TEXT,
    how TEXT,
    confidence REAL,
    PRIMARY KEY (source, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE mentions (
    source INTEGER NOT NULL REFERENCES sources (row),
    position INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    how TEXT NOT NULL,
    label TEXT NOT NULL,
    confidence REAL NOT NULL,
    cited_source_id TEXT,
    PRIMARY KEY (source, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,
    passage_id TEXT NOT NULL UNIQUE,
    source INTEGER NOT NULL REFERENCES sources (row),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    section TEXT NOT NULL,
    kind TEXT NOT NULL,
    cites TEXT NOT NULL,
    encoded_sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX passages_source ON passages (source);
-- One float16 vector per distinct encoded text (little endian, dim values).
CREATE TABLE vectors (
    encoded_sha256 TEXT PRIMARY KEY,
    vector BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_cited ON mentions (cited_source_id);
CREATE INDEX sources_year ON sources (year);
