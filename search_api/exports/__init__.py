"""Sources as bibliographic files that other programs read, and that Footnote's own readers read back.

One file a format; `search_api.exports.formats` names them. What a format can hold is written in
`search_api.exports.held`.
"""
