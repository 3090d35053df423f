"""The subcommands of ``footnote``, one file a job; what a command does not need it does not import."""
