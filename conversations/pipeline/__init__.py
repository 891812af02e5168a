"""A thread with unanswered messages gets its answer: called by the job `reply`, calls the gate."""

from conversations.pipeline.reply import reply

__all__ = ["reply"]
