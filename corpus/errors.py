"""Every exception that Footnote raises on purpose, drawn as a tree.

::

    FootnoteError
    |-- InputError               what the caller gave cannot be used
    |   |-- MalformedRecordError    a record of a file breaks its format's rules
    |   |-- NothingToIndexError     no path held anything that could be indexed
    |   |-- UnreadableFileError     no reader makes a source of a file that was sent
    |   |-- CollectionError         a set of documents, queries, judgements lacks a part
    |   |-- ParameterError          a parameter of a search or a setting is out of its rule
    |   |   `-- UnknownStyleError      no citation style of that name
    |   |-- KeyFileError            the file of keys cannot be used as it is
    |   |-- BackupError             a backup is damaged, or its target is taken
    |   |-- RayError                nobody encodes at the address of a cluster
    |   `-- ModelError              not a sentence-transformers model, or not the expected weights
    |-- IndexStateError          the index on disk cannot be used as it is
    |   |-- IndexMissingError       nothing published there
    |   |-- IndexFormatError        made by another version of the format
    |   |-- IndexDamagedError       a file is missing, cut or changed
    |   |-- IndexBusyError          another process is writing
    |   |-- ManyJobsError           too many changes wait already
    |   |-- FingerprintError        the index was made by another encoder
    |   |-- NoEarlierGenerationError nothing to roll back to
    |   |-- StorageError            the disk refused a write
    |   `-- ClusterError            the cluster cannot be used as it is
    |       |-- ClusterUnavailableError nothing answers there in time
    |       `-- CollectionMissingError  it does not hold this generation
    |-- AccessError              a request may not be answered
    |   |-- KeyMissingError         no key was given, or none that is known
    |   `-- ScopeError              the key does not allow this
    `-- NotFoundError            no source or passage with that id

Each says three things: the value, the rule it breaks, and the remedy. The command line prints them
on one line and exits with 2; the HTTP API maps them to a status in one table.
"""


class FootnoteError(Exception):
    """The root: a message in three parts, ``value``: what was given, ``rule``, ``remedy``."""

    def __init__(self, value: str, rule: str, remedy: str) -> None:
        self.value = value
        self.rule = rule
        self.remedy = remedy
        super().__init__(f"{value}: {rule}; {remedy}")

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it: one line, as on the command line."""
        return [str(self)]


class InputError(FootnoteError):
    """What the caller gave cannot be used."""


class MalformedRecordError(InputError):
    """A record breaks the rules of its format; ``position`` says where in the file."""

    def __init__(self, value: str, rule: str, remedy: str, position: str | None = None) -> None:
        super().__init__(value, rule, remedy)
        self.position = position


class NothingToIndexError(InputError):
    """No path held anything that could be indexed."""


class UnreadableFileError(InputError):
    """No reader makes a source of a file that was sent; the rule is the reader's reason."""


class CollectionError(InputError):
    """A folder of documents, queries and judgements lacks a part or holds a broken one."""


class ParameterError(InputError):
    """A parameter is out of its rule; ``field`` is its name."""

    def __init__(self, field: str, value: str, rule: str, remedy: str) -> None:
        super().__init__(f"{field}={value}", rule, remedy)
        self.field = field
        self.given = value


class UnknownStyleError(ParameterError):
    """No citation style of that name; the remedy offers the nearest names."""


class ModelError(InputError):
    """Not a sentence-transformers model, or not the weights that were expected."""


class KeyFileError(InputError):
    """The file of keys cannot be read, is damaged, or lies open to other users."""


class BackupError(InputError):
    """A backup is damaged or none, or what it would be written to exists."""


class RayError(InputError):
    """Nothing answers at a cluster's address, nobody works there, or it failed at work."""


class AccessError(FootnoteError):
    """A request may not be answered; what was given is never repeated."""


class KeyMissingError(AccessError):
    """No key came with the request, or none that is known."""


class ScopeError(AccessError):
    """The key does not allow what was asked."""


class IndexStateError(FootnoteError):
    """The index on disk cannot be used as it is."""


class IndexMissingError(IndexStateError):
    """Nothing is published at that path."""


class IndexFormatError(IndexStateError):
    """The index was made by another version of the format."""


class IndexDamagedError(IndexStateError):
    """A file of the index is missing, cut or changed."""


class IndexBusyError(IndexStateError):
    """Another process holds the writer's lock."""


class ManyJobsError(IndexStateError):
    """Too many changes of the library wait already."""


class FingerprintError(IndexStateError):
    """The index was made by another encoder."""


class NoEarlierGenerationError(IndexStateError):
    """There is no earlier generation to roll back to."""


class StorageError(IndexStateError):
    """The disk refused a write; what was published before is untouched."""


class ClusterError(IndexStateError):
    """The cluster that searches for an index refuses, or is of a version that cannot be used."""


class ClusterUnavailableError(ClusterError):
    """Nothing answers at the cluster's address in time, or it stopped answering."""


class CollectionMissingError(ClusterError):
    """The cluster has no collection of this generation."""


class NotFoundError(FootnoteError):
    """No source or passage with that id."""
