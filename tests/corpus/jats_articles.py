"""Articles in JATS written by hand, and what the tests of their reader look at."""

from corpus.readers import jats
from corpus.records import Source

XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


FRONT = """<front><journal-meta><journal-id journal-id-type="nlm-ta">J Walk</journal-id><journal-title-group>
<journal-title>Journal of Walking</journal-title></journal-title-group><issn>1234-5678</issn>
</journal-meta>
<article-meta><article-id pub-id-type="pmid">123456</article-id>
<article-id pub-id-type="pmc">7654321</article-id>
<article-id pub-id-type="doi">10.5555/Walk.1</article-id>
<article-categories><subj-group subj-group-type="heading"><subject>Research</subject></subj-group>
</article-categories>
<title-group>
<article-title>Zinc<xref ref-type="fn" rid="f1">*</xref> and 10<sup>6</sup> <italic>E. coli</italic>
</article-title><subtitle>a trial</subtitle></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Ødegård</surname>
<given-names>Ann B</given-names>
<suffix>Jr</suffix></name><xref ref-type="aff" rid="a1">1</xref></contrib>
<contrib contrib-type="author"><collab>The
Walking Group<contrib-group><contrib contrib-type="author"><name><surname>Member</surname></name>
</contrib>
</contrib-group></collab></contrib><contrib contrib-type="editor"><name><surname>Editor</surname>
</name></contrib>
</contrib-group>
<pub-date pub-type="collection"><year>2008</year></pub-date>
<pub-date pub-type="epub"><day>4</day><month>8</month><year>2008</year></pub-date>
<volume>3</volume><issue>8</issue><fpage>10</fpage><lpage>19</lpage>
<permissions><license xlink:href="http://creativecommons.org/licenses/by/4.0/">
<license-p>Free.</license-p></license>
</permissions>%s
<abstract><sec><title>BACKGROUND</title><p>Zinc is sold.</p></sec><sec><title>Results:</title>
<p>It helped.</p>
<p>A little.</p></sec></abstract><kwd-group><kwd>zinc</kwd><kwd>walking</kwd></kwd-group>
</article-meta></front>"""


REFERENCES = """<back><ack><p>We thank all.</p></ack><ref-list><title>References</title>
<ref id="r1"><label>1.</label><mixed-citation>Smith A. Zinc. <source>BMJ</source> 2001;1:2. <ext-link
ext-link-type="uri" xlink:href="https://doi.org/10.5555/ABC">link</ext-link></mixed-citation></ref>
<ref id="r2"><label>2.</label><element-citation><person-group person-group-type="author"><name>
<surname>Li</surname>
<given-names>X</given-names></name><etal/></person-group><article-title>Cold</article-title>
<source>Lancet</source>
<year>1999</year><volume>5</volume><issue>2</issue><fpage>7</fpage><lpage>9</lpage>
<pub-id pub-id-type="pmid">22</pub-id>
<pub-id pub-id-type="pmc">PMC333</pub-id></element-citation></ref>
<ref id="r3"><label>3.</label><citation>Text only, doi: 10.5555/three.</citation></ref>
<ref id="r4"><label>4.</label><citation><article-title>Same</article-title>
<pub-id pub-id-type="doi">10.5555/four</pub-id>
</citation>
<citation citation-type="display-unstructured">Same, in words <pub-id pub-id-type="pmid">44</pub-id>
</citation>
</ref><ref id="r5"><label>5.</label><mixed-citation>a) First. PMID: 51</mixed-citation>
<mixed-citation>b) Second. PMID: 52
</mixed-citation></ref></ref-list></back>"""


def article(body: str, meta: str = "", kind: str = "research-article", back: str = REFERENCES) -> str:
    return f'<article {XLINK} article-type="{kind}">{FRONT % meta}<body>{body}</body>{back}</article>'


def only(text: str) -> Source:
    (source,) = jats.read(text, "a.nxml")
    assert isinstance(source, Source), source
    return source


def shown(source: Source) -> list[tuple[str, str]]:
    return [(source.text[m.start : m.end], m.label) for m in source.mentions]


def texts(source: Source, kind: str) -> list[str]:
    return [source.text[b.start : b.end] for b in source.blocks if b.kind == kind]


def cite(number: int, rid: str = "") -> str:
    return f'<xref ref-type="bibr" rid="{rid or f"r{number}"}">{number}</xref>'


RELATED = (
    '<related-article related-article-type="{0}" ext-link-type="{1}" xlink:href="{2}">{3}</related-article>'
)
